package dev.gatehouse.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryBudgetTests {

    @Test
    void allowsTheReserveAndThenAFifthOfTheRequests() {
        RetryBudget budget = new RetryBudget(0.2, 10);
        int repeats = 0;

        for (int request = 0; request < 1_000; request++) {
            budget.earn();
            // More than anybody is given.
            for (int i = 0; i < 2; i++) {
                repeats += budget.spend() ? 1 : 0;
            }
        }

        // What the first requests earn while the reserve is full is not saved.
        assertThat(repeats).isEqualTo(10 + 200 - 1);
    }

    @Test
    void savesNoMoreThanTheReserve() {
        RetryBudget budget = new RetryBudget(0.2, 3);
        for (int request = 0; request < 1_000; request++) {
            budget.earn();
        }

        assertThat(budget.spend()).isTrue();
        assertThat(budget.spend()).isTrue();
        assertThat(budget.spend()).isTrue();
        assertThat(budget.spend()).isFalse();
    }

    @Test
    void isNotSpentTwiceByManyAtOnce() {
        RetryBudget budget = new RetryBudget(0.2, 50);
        AtomicInteger spent = new AtomicInteger();

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 800; i++) {
                threads.execute(() -> {
                    if (budget.spend()) {
                        spent.incrementAndGet();
                    }
                });
            }
        }

        assertThat(spent).hasValue(50);
    }
}

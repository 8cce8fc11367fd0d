package dev.gatehouse.billing.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderStateTests {

    @ParameterizedTest
    @EnumSource
    void endsOnlyWhereNothingFollows(OrderState state) {
        assertThat(state.isFinal()).isEqualTo(state.next().isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void reachesAnEndFromEverywhereWithoutGoingBack(OrderState state) {
        assertThat(state.next()).allSatisfy(next -> {
            assertThat(next).isNotEqualTo(state);
            assertThat(reachable(next)).doesNotContain(state);
        });
        assertThat(state.isFinal() ? Set.of(state) : reachable(state)).anyMatch(OrderState::isFinal);
    }

    @Test
    void isConfirmedOnlyAfterItWasPaid() {
        assertThat(Stream.of(OrderState.values()).filter(state -> state.next().contains(OrderState.CONFIRMED)))
                .containsExactly(OrderState.PAID);
        assertThat(Stream.of(OrderState.values()).filter(state -> state.next().contains(OrderState.PAID)))
                .containsExactly(OrderState.RESERVED);
    }

    private static Set<OrderState> reachable(OrderState from) {
        Set<OrderState> all = EnumSet.noneOf(OrderState.class);
        from.next().forEach(next -> {
            all.add(next);
            all.addAll(reachable(next));
        });
        return all;
    }
}

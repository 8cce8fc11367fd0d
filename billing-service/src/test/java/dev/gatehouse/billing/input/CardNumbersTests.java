package dev.gatehouse.billing.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardNumbersTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4242424242424242",
                "4242 4242 4242 4242",
                "4242-4242-4242-4242",
                "card: 5555555555554444.",
                "378282246310005",
                "4222222222222",
                "6011000990139424",
                "pm_4242424242424242"
            })
    void seesCardNumbers(String text) {
        assertThat(CardNumbers.occurIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pm_card_visa",
                "4242424242424241",
                "1732190400000",
                "424242424242",
                "42424242424242424242424242"
            })
    void leavesOtherTextAlone(String text) {
        assertThat(CardNumbers.occurIn(text)).isFalse();
    }

    @Test
    void leavesIdsAlone() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(CardNumbers.occurIn(UUID.randomUUID().toString())).isFalse();
        }
    }
}

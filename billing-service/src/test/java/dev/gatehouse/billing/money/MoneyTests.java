package dev.gatehouse.billing.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class MoneyTests {

    @ParameterizedTest
    @ValueSource(strings = {"EUR", "JPY", "KWD", "USD"})
    void acceptsCurrenciesOfIso4217(String currency) {
        assertThat(new Money(1, currency).currency()).isEqualTo(currency);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eur", "EURO", "ZZZ", "XXX", "XAU", "€"})
    void refusesWhatIsNotMoney(String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, currency));
    }

    @Test
    void refusesNegativeAmounts() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(-1, "EUR"));
    }

    @Test
    void addsAndMultipliesWithoutLoss() {
        Money price = new Money(1999, "EUR");

        assertThat(price.times(3).plus(new Money(3, "EUR"))).isEqualTo(new Money(6000, "EUR"));
        assertThat(price.minus(price)).isEqualTo(Money.zero("EUR"));
    }

    @Test
    void refusesToMixCurrencies() {
        Money euro = new Money(1, "EUR");
        Money yen = new Money(1, "JPY");

        assertThatIllegalArgumentException().isThrownBy(() -> euro.plus(yen));
        assertThatIllegalArgumentException().isThrownBy(() -> euro.minus(yen));
    }

    @Test
    void refusesToTakeMoreThanThereIs() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, "EUR").minus(new Money(2, "EUR")));
    }

    @Test
    void refusesToOverflow() {
        Money most = new Money(Long.MAX_VALUE, "EUR");

        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.plus(new Money(1, "EUR")));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.times(2));
    }

    @Test
    void isWrittenWithAmountAndCurrencyOnly() {
        assertThat(JsonMapper.builder().build().writeValueAsString(new Money(0, "EUR")))
                .isEqualTo("{\"amountMinor\":0,\"currency\":\"EUR\"}");
    }
}

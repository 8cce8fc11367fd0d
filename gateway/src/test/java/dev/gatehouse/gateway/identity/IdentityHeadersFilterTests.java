package dev.gatehouse.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityHeadersFilterTests {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "0193b0c6-aaaa, 0193b0c6-aaaa",
                "orders.read orders.write, orders.read orders.write",
                "\"a\r\nX-Gatehouse-Scopes: ops\", a%0D%0AX-Gatehouse-Scopes: ops",
                "café, caf%C3%A9",
                "100%, 100%25",
            })
    void encodesWhatCouldAddALine(String subject, String sent) {
        assertThat(IdentityHeadersFilter.fieldValue(subject)).isEqualTo(sent);
    }
}

package dev.gatehouse.billing.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTests {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"a\"`, a",
                "`  \"a b\"  `, `a b`",
                "`\"say \\\"hi\\\"\"`, `say \"hi\"`",
                "`\"back\\\\slash\"`, `back\\slash`",
                "`\"a\"; v=1;x`, a",
                "`\"a\";v=\"b\"`, a"
            })
    void readsAnRfc8941String(String header, String value) {
        assertThat(IdempotencyKey.parse(List.of(header)).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "'a'",
                "\"a",
                "a\"",
                "\"\"",
                "\"a\"b",
                "\"a\", \"b\"",
                "\"\\x\"",
                "\"é\"",
                "\"\t\"",
                ":YQ==:",
                "?1",
                "7",
                "(\"a\")"
            })
    void refusesEverythingElse(String header) {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of(header))).isInstanceOf(IdempotencyKeyMalformed.class);
    }

    @Test
    void acceptsAtMost255Characters() {
        assertThat(IdempotencyKey.parse(List.of("\"" + "k".repeat(255) + "\"")).value())
                .hasSize(255);
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of("\"" + "k".repeat(256) + "\"")))
                .isInstanceOf(IdempotencyKeyMalformed.class);
    }

    @Test
    void tellsAMissingKeyFromTwo() {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of())).isInstanceOf(IdempotencyKeyMissing.class);
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of("\"a\"", "\"b\"")))
                .isInstanceOf(IdempotencyKeyMalformed.class);
    }

    @Test
    void tellsContentsAndRoutesApart() {
        var key = new IdempotencyKey("k");

        String one = IdempotentRequest.of("s", "POST /a", key, "{}").fingerprint();

        assertThat(IdempotentRequest.of("s", "POST /a", key, "{}").fingerprint())
                .isEqualTo(one);
        assertThat(IdempotentRequest.of("s", "POST /a", key, "[]").fingerprint())
                .isNotEqualTo(one);
        assertThat(IdempotentRequest.of("s", "PUT /a", key, "{}").fingerprint()).isNotEqualTo(one);
    }
}

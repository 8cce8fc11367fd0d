package dev.gatehouse.billing.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.input.InvalidRequest;
import dev.gatehouse.billing.order.OrderCursor;
import dev.gatehouse.billing.order.OrderState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTextTests {

    private static final OrderCursor CURSOR =
            new OrderCursor(Instant.parse("2026-11-21T12:00:00.123456Z"), UUID.randomUUID(), OrderState.PAID);

    @Test
    void comesBackAsItWentOut() {
        assertThat(CursorText.parse(CursorText.of(CURSOR), OrderState.PAID)).isEqualTo(CURSOR);
    }

    @Test
    void isGoodForItsOwnQueryOnly() {
        assertThatThrownBy(() -> CursorText.parse(CursorText.of(CURSOR), null)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> CursorText.parse(CursorText.of(CURSOR), OrderState.PLACED))
                .isInstanceOf(InvalidRequest.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "1",
                "1 2",
                "1 2 3",
                "a 0193a5b0-7c1e-7b2a-9d3e-5f6a7b8c9d0e -",
                "9223372036854775807 0193a5b0-7c1e-7b2a-9d3e-5f6a7b8c9d0e -"
            })
    void refusesWhatItNeverGaveOut(String content) {
        String text = Base64.getUrlEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> CursorText.parse(text, null)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> CursorText.parse("%%%", null)).isInstanceOf(InvalidRequest.class);
    }
}

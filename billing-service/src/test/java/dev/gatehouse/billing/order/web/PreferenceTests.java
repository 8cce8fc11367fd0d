package dev.gatehouse.billing.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait=10",
                "Wait = 10",
                "respond-async, wait=10",
                "wait=\"10\"",
                "wait=10; foo=bar",
                "wait=10, wait=20"
            })
    void readsTheWait(String header) {
        assertThat(Preference.of(List.of(header))).hasValue(new Preference(Duration.ofSeconds(10)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "respond-async", "wait", "wait=", "wait=-1", "wait=soon", "waiting=10", "wait=9999999999"})
    void takesNoPreferenceFromWhatItCannotRead(String header) {
        assertThat(Preference.of(List.of(header))).isEmpty();
    }

    @Test
    void waitsAtMostHalfAMinuteAndSaysSo() {
        assertThat(Preference.of(List.of("wait=600")).orElseThrow().applied()).isEqualTo("wait=30");
    }

    @Test
    void findsItInAnyOfSeveralHeaders() {
        assertThat(Preference.of(List.of("respond-async", "wait=3"))).hasValue(new Preference(Duration.ofSeconds(3)));
    }
}

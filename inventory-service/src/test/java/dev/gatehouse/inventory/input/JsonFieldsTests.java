package dev.gatehouse.inventory.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonFieldsTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        List<String> errors = errors("{\"b\": 0, \"c\": {\"d\": true, \"e\": 1}, \"f\": [{}, 3], \"g\": 1}", fields -> {
            fields.text("a", 5);
            fields.integer("b", 1, 9);
            fields.object("c").text("d", 5);
            fields.objects("f", 1, 5).forEach(line -> line.uuid("h"));
        });

        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "a:required",
                        "b:out-of-range",
                        "c.d:wrong-type",
                        "c.e:unknown-field",
                        "f[0].h:required",
                        "f[1]:wrong-type",
                        "g:unknown-field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"3\"", "3.0", "3e0", "true", "[3]", "{}"})
    void takesNothingButAWholeNumberForOne(String value) {
        assertThat(errors("{\"n\": " + value + "}", fields -> fields.integer("n", 0, 9)))
                .containsExactly("n:wrong-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "-1", "9223372036854775808", "-100000000000000000000000000"})
    void keepsNumbersInTheirRange(String value) {
        assertThat(errors("{\"n\": " + value + "}", fields -> fields.integer("n", 0, 9)))
                .containsExactly("n:out-of-range");
    }

    @Test
    void saysWhichBoundWasBroken() {
        InvalidInput failure = failure("{\"n\": 10, \"s\": \"abcdef\"}", fields -> {
            fields.integer("n", 0, 9);
            fields.text("s", 5);
        });

        assertThat(failure.errors()).extracting(FieldError::limit).containsExactly(9L, 5L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\" \"; s:blank",
                "\"\"; s:blank",
                "7; s:wrong-type",
                "null; s:required",
                "\"abcdef\"; s:too-long",
                "\"a\\u0000b\"; s:invalid-characters",
                "\"a\\nb\"; s:invalid-characters",
                "\"\\ud800x\"; s:invalid-characters",
                "\"a\\ufffdb\"; s:invalid-characters"
            })
    void takesNothingButAStorableTextForOne(String value, String error) {
        assertThat(errors("{\"s\": " + value + "}", fields -> fields.text("s", 5)))
                .containsExactly(error);
    }

    @Test
    void countsCharactersAndNotTheirHalves() {
        assertThat(errors("{\"s\": \"🎬🎬🎬🎬🎬\"}", fields -> fields.text("s", 5)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1-1-1-1-1\"", "\"019b7700-0000-7000-8000-00000000000\"", "\"x\""})
    void takesNothingButAUuidForOne(String value) {
        assertThat(errors("{\"u\": " + value + "}", fields -> fields.uuid("u"))).containsExactly("u:malformed");
    }

    @Test
    void saysNothingMoreAboutAPartThatIsRefusedAsAWhole() {
        assertThat(errors("{\"c\": 3, \"f\": []}", fields -> {
                    fields.object("c").text("d", 5);
                    fields.objects("f", 1, 5);
                }))
                .containsExactly("c:wrong-type", "f:too-few");
    }

    private static List<String> errors(String json, Consumer<JsonFields> reading) {
        InvalidInput failure = failure(json, reading);
        return failure == null
                ? List.of()
                : failure.errors().stream()
                        .map(error -> error.field() + ":" + error.code())
                        .toList();
    }

    private static InvalidInput failure(String json, Consumer<JsonFields> reading) {
        JsonFields fields = JsonFields.of(JSON.readTree(json));
        return catchThrowableOfType(InvalidInput.class, () -> {
            reading.accept(fields);
            fields.finish();
        });
    }
}

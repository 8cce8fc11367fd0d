package dev.gatehouse.inventory.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.inventory.input.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTests {

    private static final String ID = "019b7700-0000-7000-8000-000000000000";

    @Test
    void survivesTheJourneyThroughAClient() {
        FilmQuery query = query(FilmSort.TITLE, "x");
        Cursor cursor = new Cursor(List.of("8½ – naïve", ID));

        assertThat(Cursor.decode(cursor.encode(query), query)).isEqualTo(cursor);
    }

    @Test
    void isRefusedAfterEveryChangeOfOneCharacter() {
        FilmQuery query = query(FilmSort.YEAR, null);
        String text = new Cursor(List.of("1972", ID)).encode(query);

        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertThatThrownBy(() -> Cursor.decode(changed, query)).as(changed).isInstanceOf(InvalidInput.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FilmSort.class,
            names = {"TITLE", "NEWEST", "PRICE"})
    void belongsToItsOrder(FilmSort other) {
        String text = new Cursor(List.of("1972", ID)).encode(query(FilmSort.YEAR, null));

        assertThatThrownBy(() -> Cursor.decode(text, query(other, null))).isInstanceOf(InvalidInput.class);
    }

    @Test
    void belongsToItsWordsAndNotToThePageSize() {
        Cursor cursor = new Cursor(List.of("1972", ID));
        String text = cursor.encode(query(FilmSort.YEAR, "alien"));

        assertThatThrownBy(() -> Cursor.decode(text, query(FilmSort.YEAR, "aliens")))
                .isInstanceOf(InvalidInput.class);
        FilmQuery larger = new FilmQuery("alien", null, null, null, null, null, null, FilmSort.YEAR, 77, null);
        assertThat(Cursor.decode(text, larger)).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1972", "x", "1972; DROP TABLE films", "99999999999999999999"})
    void holdsOnlyWhatItsOrderSortsBy(String value) {
        FilmQuery byTime = query(FilmSort.NEWEST, null);
        String text = new Cursor(List.of(value, ID)).encode(byTime);

        assertThatThrownBy(() -> Cursor.decode(text, byTime)).isInstanceOf(InvalidInput.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "AAAA", "%%%", "cursor", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void isRefusedWhenItIsNone(String text) {
        assertThatThrownBy(() -> Cursor.decode(text, query(FilmSort.TITLE, null)))
                .isInstanceOf(InvalidInput.class);
    }

    private static FilmQuery query(FilmSort sort, String words) {
        return new FilmQuery(words, null, null, null, null, null, null, sort, 20, null);
    }
}

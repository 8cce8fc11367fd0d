package dev.gatehouse.inventory.catalogue.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100_000})
    void cutsLinesHoweverTheyArrive(int chunk) throws IOException {
        assertThat(read("a\r\nb\n\n  \nc", false, chunk)).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100_000})
    void keepsLineBreaksInQuotes(int chunk) throws IOException {
        assertThat(read("a,\"b\nc\",d\n\"x\"\"\ny\"\r\nz,it's \"5\"\n", true, chunk))
                .containsExactly("a,\"b\nc\",d", "\"x\"\"\ny\"", "z,it's \"5\"");
    }

    @Test
    void losesOnlyTheLineThatIsTooLong() throws IOException {
        String text = "a\n" + "x".repeat(10 * RecordReader.MAX_RECORD) + "\nb\n";

        assertThat(read(text, false, 8192)).containsExactly("a", "TOO_LONG", "b");
        assertThat(read(text, true, 8192)).containsExactly("a", "TOO_LONG", "b");
    }

    @Test
    void takesALineOfExactlyTheLimit() throws IOException {
        String longest = "x".repeat(RecordReader.MAX_RECORD);

        assertThat(read(longest + "\n" + longest, false, 8192)).containsExactly(longest, longest);
        assertThat(read(longest + "x\nb", false, 8192)).containsExactly("TOO_LONG", "b");
    }

    @Test
    void losesOnlyTheLineWhoseQuoteStaysOpen() throws IOException {
        assertThat(read("a\n\"open,1\nb\nc\n", true, 8192)).containsExactly("a", "OPEN_QUOTE", "b", "c");
    }

    @Test
    void losesOnlyTheLineWhoseQuoteStaysOpenInALongFile() throws IOException {
        String rest = "row,1\n".repeat(RecordReader.MAX_RECORD);

        List<String> records = read("a\n\"open,1\n" + rest, true, 8192);

        assertThat(records).hasSize(RecordReader.MAX_RECORD + 2).startsWith("a", "OPEN_QUOTE", "row,1");
        assertThat(records.subList(2, records.size())).containsOnly("row,1");
    }

    @Test
    void losesOnlyTheLineWithTextBehindAQuote() throws IOException {
        assertThat(read("a\n\"b\"c,1\nd\n", true, 8192)).containsExactly("a", "STRAY_QUOTE", "d");
    }

    @Test
    void findsNothingInNothing() throws IOException {
        assertThat(read("", true, 1)).isEmpty();
        assertThat(read("\n\r\n \n", false, 1)).isEmpty();
    }

    private static List<String> read(String text, boolean quotes, int chunk) throws IOException {
        RecordReader reader = new RecordReader(new Drip(text, chunk), quotes);
        List<String> result = new ArrayList<>();
        for (RecordReader.Record record = reader.next(); record != null; record = reader.next()) {
            result.add(record.fault() == null ? record.text() : record.fault().name());
        }
        return result;
    }

    /** Hands out a few characters at a time, as a network does. */
    private static final class Drip extends Reader {

        private final StringReader text;
        private final int chunk;

        Drip(String text, int chunk) {
            this.text = new StringReader(text);
            this.chunk = chunk;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            return text.read(buffer, offset, Math.min(length, chunk));
        }

        @Override
        public void close() {}
    }
}

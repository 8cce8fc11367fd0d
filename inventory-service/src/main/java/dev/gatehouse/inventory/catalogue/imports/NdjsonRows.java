package dev.gatehouse.inventory.catalogue.imports;

import dev.gatehouse.inventory.input.FieldError;
import dev.gatehouse.inventory.input.InvalidInput;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** One JSON value a line. */
final class NdjsonRows implements Rows {

    private final RecordReader records;
    private final JsonMapper json;

    NdjsonRows(Reader reader, JsonMapper json) {
        this.records = new RecordReader(reader, false);
        this.json = json;
    }

    @Override
    public @Nullable Row next() throws IOException {
        RecordReader.Record line = records.next();
        if (line == null) {
            return null;
        }
        if (line.fault() != null) {
            return Row.bad(new InvalidInput(
                    new FieldError("", "too-long", "must be at most " + RecordReader.MAX_RECORD + " characters")));
        }
        try {
            return Row.good(json.readTree(line.text()));
        } catch (JacksonException e) {
            return Row.bad(new InvalidInput(new FieldError("", "malformed", "is not one JSON object")));
        }
    }
}

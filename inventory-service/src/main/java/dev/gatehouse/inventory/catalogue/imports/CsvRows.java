package dev.gatehouse.inventory.catalogue.imports;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.gatehouse.inventory.input.FieldError;
import dev.gatehouse.inventory.input.InvalidInput;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Comma-separated values with a header; each row becomes the JSON it stands for, so that one set of rules reads both. */
final class CsvRows implements Rows {

    private static final List<String> REQUIRED =
            List.of("title", "year", "genres", "price.amountMinor", "price.currency");
    private static final List<String> OPTIONAL =
            List.of("id", "version", "originalTitle", "director", "runtimeMinutes", "description");
    private static final List<String> NUMBERS = List.of("year", "runtimeMinutes", "version", "price.amountMinor");

    private final RecordReader records;
    private final CsvReader.CsvReaderBuilder csv = CsvReader.builder().skipEmptyLines(false);
    private final List<String> columns;

    /** @throws InvalidInput when the header is not one of an import */
    CsvRows(Reader reader) throws IOException {
        this.records = new RecordReader(reader, true);
        RecordReader.Record header = records.next();
        if (header == null || header.fault() != null) {
            throw new InvalidInput(new FieldError("", "wrong-header", "must begin with a line of column names"));
        }
        try {
            this.columns = cells(header.text());
        } catch (CsvParseException e) {
            throw new InvalidInput(new FieldError("", "wrong-header", "must begin with a line of column names"));
        }
        check(columns);
    }

    private static void check(List<String> columns) {
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            if (!REQUIRED.contains(column) && !OPTIONAL.contains(column)) {
                errors.add(new FieldError(shortened(column), "unknown-column", "is not a column of an import"));
            } else if (columns.indexOf(column) < i) {
                errors.add(new FieldError(column, "repeated", "is there twice"));
            }
        }
        for (String column : REQUIRED) {
            if (!columns.contains(column)) {
                errors.add(new FieldError(column, "required", "is a column that the header must name"));
            }
        }
        if (!errors.isEmpty()) {
            // A binary file has thousands of "columns".
            throw new InvalidInput(errors.subList(0, Math.min(errors.size(), 20)));
        }
    }

    private static String shortened(String column) {
        return column.length() <= 40 ? column : column.substring(0, 40);
    }

    @Override
    public @Nullable Row next() throws IOException {
        RecordReader.Record record = records.next();
        if (record == null) {
            return null;
        }
        if (record.fault() != null) {
            return Row.bad(new InvalidInput(error(record.fault())));
        }
        List<String> cells;
        try {
            cells = cells(record.text());
        } catch (CsvParseException e) {
            // A carriage return of its own ends a record for the parser, and here it ends nothing.
            return Row.bad(new InvalidInput(new FieldError("", "malformed", "is not one CSV record")));
        }
        if (cells.size() != columns.size()) {
            return Row.bad(new InvalidInput(new FieldError(
                    "", "wrong-column-count", "has " + cells.size() + " columns, the header has " + columns.size())));
        }
        return Row.good(json(cells));
    }

    private static FieldError error(RecordReader.Fault fault) {
        return switch (fault) {
            case TOO_LONG ->
                new FieldError("", "too-long", "must be at most " + RecordReader.MAX_RECORD + " characters");
            case OPEN_QUOTE -> new FieldError("", "malformed", "has a quote that is never closed");
            case STRAY_QUOTE -> new FieldError("", "malformed", "has text between a closing quote and the next comma");
        };
    }

    private List<String> cells(String record) {
        return csv.ofSingleCsvRecord(record).getFields();
    }

    private ObjectNode json(List<String> cells) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (cell.isEmpty()) {
                continue;
            }
            String column = columns.get(i);
            if (column.equals("genres")) {
                ArrayNode genres = row.putArray(column);
                for (String genre : cell.split("\\|", -1)) {
                    genres.add(genre);
                }
            } else if (column.startsWith("price.")) {
                put(row.withObject("/price"), column, column.substring("price.".length()), cell);
            } else {
                put(row, column, column, cell);
            }
        }
        return row;
    }

    private static void put(ObjectNode object, String column, String name, String cell) {
        // What is no number stays a text, and is then refused as one.
        if (NUMBERS.contains(column) && cell.matches("-?[0-9]{1,18}")) {
            object.put(name, Long.parseLong(cell));
        } else {
            object.put(name, cell);
        }
    }
}

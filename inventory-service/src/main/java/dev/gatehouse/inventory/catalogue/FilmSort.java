package dev.gatehouse.inventory.catalogue;

import java.util.List;
import java.util.StringJoiner;

/** The orders in which films can be listed. Each ends with the id, so that no two films share a place. */
public enum FilmSort {
    TITLE("title", false, Key.text("title_key")),
    TITLE_DOWN("-title", true, Key.text("title_key")),
    YEAR("year", false, Key.number("year")),
    YEAR_DOWN("-year", true, Key.number("year")),
    /** Amounts of different currencies cannot be compared: each currency is a group of its own. */
    PRICE("price", false, Key.text("currency"), Key.number("price_minor")),
    PRICE_DOWN("-price", true, Key.text("currency"), Key.number("price_minor")),
    NEWEST("newest", true, Key.time("created_at")),
    /** The default with search words, and only possible with them. */
    RELEVANCE("relevance", true, Key.number("score"));

    private final String label;
    private final boolean down;
    private final List<Key> keys;

    FilmSort(String label, boolean down, Key... keys) {
        this.label = label;
        this.down = down;
        this.keys = List.of(keys);
    }

    public String label() {
        return label;
    }

    List<Key> keys() {
        return keys;
    }

    /** {@code ORDER BY} list, the same one the index has. */
    String orderBy() {
        String direction = down ? " DESC" : "";
        StringJoiner columns = new StringJoiner(direction + ", ", "", direction);
        keys.forEach(key -> columns.add(key.column));
        return columns.add("id").toString();
    }

    /** Condition for the rows after a cursor, whose values are the parameters {@code after0}, {@code after1} and so on. */
    String after() {
        StringJoiner columns = new StringJoiner(", ", "(", ")");
        StringJoiner values = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < keys.size(); i++) {
            columns.add(keys.get(i).column);
            values.add("CAST(:after" + i + " AS " + keys.get(i).type + ")");
        }
        columns.add("id");
        values.add("CAST(:after" + keys.size() + " AS uuid)");
        return columns + (down ? " < " : " > ") + values;
    }

    /**
     * @param column or expression name in the query
     * @param type that a cursor's text is cast to
     */
    record Key(String column, String type) {

        static Key text(String column) {
            return new Key(column, "text");
        }

        static Key number(String column) {
            return new Key(column, "bigint");
        }

        static Key time(String column) {
            return new Key(column, "timestamptz");
        }

        boolean isTime() {
            return type.equals("timestamptz");
        }

        /** Whether the text, as found in a cursor, can be cast. */
        boolean fits(String value) {
            return switch (type) {
                case "bigint" -> value.matches("-?[0-9]{1,18}");
                case "timestamptz" -> value.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}Z");
                default -> true;
            };
        }
    }
}

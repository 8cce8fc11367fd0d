package dev.gatehouse.inventory;

/** Request bodies. */
final class Films {

    private Films() {}

    static String json(String title) {
        return "{\"title\": \"" + title
                + "\", \"originalTitle\": \"O\", \"year\": 1967, \"genres\": [\"comedy\", \"film-noir\"],"
                + " \"director\": \"Jacques Tati\", \"runtimeMinutes\": 124, \"description\": \"Two\\nlines\","
                + " \"price\": {\"amountMinor\": 1299, \"currency\": \"EUR\"}}";
    }

    static String minimal(String title) {
        return minimal(title, 1990, "drama", 500, "EUR");
    }

    static String minimal(String title, int year, String genre, long price, String currency) {
        return "{\"title\": \"" + title + "\", \"year\": " + year + ", \"genres\": [\"" + genre
                + "\"], \"price\": {\"amountMinor\": " + price + ", \"currency\": \"" + currency + "\"}}";
    }
}

package dev.gatehouse.inventory.stock.web;

/** Values for "Try it out" that work with the development seed. */
final class StockExamples {

    /** The Godfather. */
    static final String FILM_ID = "019b7700-0000-7000-8000-000000000000";

    static final String ORDER_ID = "019b7000-0000-7000-8000-0000000000a1";

    /** Of its own: what is confirmed cannot be released. */
    static final String OTHER_ORDER_ID = "019b7000-0000-7000-8000-0000000000a2";

    static final String ADJUSTMENT = """
            {"adjustmentId": "019b7000-0000-7000-8000-0000000000b1", "delta": 5, "reason": "delivery"}""";

    static final String RESERVATION = """
            {"lines": [{"filmId": "019b7700-0000-7000-8000-000000000000", "quantity": 1}], "expiresInSeconds": 600}""";

    private StockExamples() {}
}

package dev.gatehouse.inventory.catalogue.web;

/** Values for "Try it out" that work with the development seed, as often as one likes where the operation allows it. */
final class FilmExamples {

    /** The Godfather. */
    static final String ID = "019b7700-0000-7000-8000-000000000000";

    /** The Cameraman. */
    static final String DELETABLE_ID = "019b7700-0110-7000-8000-000000000110";

    static final String NEW = """
            {"title": "The Third Man", "year": 1949, "genres": ["film-noir", "mystery", "thriller"], "director": "Carol Reed",
             "runtimeMinutes": 104, "description": "A writer looks for his friend in the ruins of Vienna.",
             "price": {"amountMinor": 1299, "currency": "EUR"}}""";

    static final String REPLACED = """
            {"title": "The Godfather", "year": 1972, "genres": ["crime", "drama"], "director": "Francis Ford Coppola",
             "runtimeMinutes": 175, "description": "An ageing crime lord hands his business to the son who never wanted it.",
             "price": {"amountMinor": 1499, "currency": "EUR"}}""";

    static final String PATCH = "{\"price\": {\"amountMinor\": 999}}";

    static final String NDJSON = """
            {"title": "Night and the City", "year": 1950, "genres": ["film-noir"], "price": {"amountMinor": 899, "currency": "EUR"}}
            {"title": "Rififi", "year": 1955, "genres": ["crime", "thriller"], "price": {"amountMinor": 999, "currency": "EUR"}}
            """;

    static final String CSV = """
            title,year,genres,director,price.amountMinor,price.currency
            Night and the City,1950,film-noir|crime,Jules Dassin,899,EUR
            "Good Night, and Good Luck",2005,drama|history,George Clooney,999,EUR
            """;

    private FilmExamples() {}
}

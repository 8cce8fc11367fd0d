package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.supervisor.Service;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What everyone sees at the edge: the document, the errors' one shape, who may do what. */
class EdgeIT {

    private static final String PROBLEMS = "https://gatehouse.dev/problems/";

    private final Caller anyone = Gatehouse.anyone();
    private final Caller customer = Gatehouse.customer();

    @ParameterizedTest
    @CsvSource({"inventory,/api/films", "billing,/api/orders"})
    void bothServicesDocumentsAreServedWithAServerThatIsTheGateway(String service, String path) {
        Caller.Answer document = anyone.get("/openapi/" + service);

        assertThat(document.status()).isEqualTo(200);
        assertThat(document.<String>read("$.servers[0].url")).isEqualTo("/");
        assertThat(document.<Object>read("$.paths['" + path + "']")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/nothing-here, customer, 404, not-found",
        "GET, /api/orders, anyone, 401, unauthenticated",
        "POST, /api/films, customer, 403, forbidden",
        "GET, /api/films?limit=101, anyone, 400, invalid-request",
        "GET, /api/films?sort=colour, anyone, 400, invalid-request",
        "GET, /api/films?nosuch=1, anyone, 400, invalid-request",
        "POST, /api/orders, customer, 400, idempotency-key-missing"
    })
    void everyErrorIsAProblemOfOneShape(String method, String path, String who, int status, String problem) {
        Caller caller = who.equals("customer") ? customer : anyone;

        Caller.Answer answer =
                caller.send(method, path, method.equals("POST") ? "{\"paymentMethod\": \"pm_card_visa\"}" : null);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.<String>read("$.type")).isEqualTo(PROBLEMS + problem);
        assertThat(answer.<Integer>read("$.status")).isEqualTo(status);
        assertThat(answer.<String>read("$.title")).isNotBlank();
        assertThat(answer.<String>read("$.instance")).isEqualTo(path.replaceFirst("\\?.*", ""));
    }

    @Test
    void absentFilmIsAProblemThatNamesTheRequestedPath() {
        String path = "/api/films/" + UUID.randomUUID();

        Caller.Answer answer = anyone.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.<String>read("$.type")).isEqualTo(PROBLEMS + "not-found");
        assertThat(answer.<String>read("$.instance")).isEqualTo(path);
    }

    @Test
    void tokenOfOneCustomerIsCheckedByTheServiceItselfToo() {
        Caller direct = new Caller(Gatehouse.addressOf(Service.BILLING), null);

        assertThat(direct.get("/api/orders", "X-Gatehouse-Subject", "demo-customer")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void catalogueOfDevelopmentHoldsTwoHundredFilms() {
        int films = 0;
        String next = "/api/films?limit=100";
        while (next != null) {
            Caller.Answer page = anyone.get(next);
            films += page.<java.util.List<Object>>read("$.items").size();
            String cursor = page.read("$.nextCursor");
            next = cursor == null ? null : "/api/films?limit=100&cursor=" + cursor;
        }

        assertThat(films).isGreaterThanOrEqualTo(200);
    }
}

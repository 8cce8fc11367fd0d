package dev.gatehouse.e2e.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import dev.gatehouse.e2e.Gatehouse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The API page as a newcomer uses it: find both documents, log in, try an operation out. */
class SwaggerUiBrowserIT {

    private static final Chromium CHROMIUM = new Chromium();

    @AfterAll
    static void closeChromium() {
        CHROMIUM.close();
    }

    @Test
    void apiDocsListsBothServicesWithoutAnErrorInTheConsole() {
        try (BrowserContext profile = CHROMIUM.profile()) {
            Page page = profile.newPage();
            List<String> complaints = new java.util.concurrent.CopyOnWriteArrayList<>();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });

            page.navigate(Gatehouse.gateway() + "/api-docs");

            assertThat(definitions(page).locator("option")).hasText(new String[] {"inventory", "billing"});
            choose(page, "billing");
            assertThat(operation(page, "post", "/api/orders")).isVisible();
            choose(page, "inventory");
            assertThat(operation(page, "post", "/api/films")).isVisible();
            Chromium.screenshot(page, "api-docs");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void managerLogsInAndCreatesAFilmThroughTheGateway() {
        try (BrowserContext profile = CHROMIUM.profile()) {
            Page page = profile.newPage();
            page.navigate(Gatehouse.gateway() + "/api-docs");
            choose(page, "inventory");
            logIn(page, Gatehouse.managerUser());
            String title = "Browser " + UUID.randomUUID();

            Response response = tryOut(page, "post", "/api/films", """
                    {"title": "%s", "year": 2001, "genres": ["drama"],
                     "price": {"amountMinor": 999, "currency": "EUR"}}""".formatted(title), "");

            Chromium.screenshot(page, "film-created");
            assertThat(response.status()).as(response.text()).isEqualTo(201);
            assertThat(response.url()).startsWith(Gatehouse.gateway() + "/");
            String film = JsonPath.read(response.text(), "$.id");
            assertThat(Gatehouse.anyone().get("/api/films/" + film).<String>read("$.title"))
                    .isEqualTo(title);
        }
    }

    @Test
    void customerLogsInAndPlacesAnOrderThroughTheGateway() {
        String film = Gatehouse.anyone().get("/api/films?limit=1").read("$.items[0].id");
        int price = Gatehouse.anyone().get("/api/films/" + film).read("$.price.amountMinor");
        String currency = Gatehouse.anyone().get("/api/films/" + film).read("$.price.currency");
        try (BrowserContext profile = CHROMIUM.profile()) {
            Page page = profile.newPage();
            page.navigate(Gatehouse.gateway() + "/api-docs");
            choose(page, "billing");
            logIn(page, Gatehouse.customerUser());

            Response response = tryOut(
                    page, "post", "/api/orders", """
                    {"lines": [{"filmId": "%s", "quantity": 1,
                                "unitPrice": {"amountMinor": %d, "currency": "%s"}}],
                     "paymentMethod": "pm_card_visa"}""".formatted(film, price, currency), "\"" + UUID.randomUUID() + "\"");

            Chromium.screenshot(page, "order-placed");
            assertThat(response.status()).as(response.text()).isIn(200, 202);
            assertThat(JsonPath.<String>read(response.text(), "$.lines[0].filmId"))
                    .isEqualTo(film);
        }
    }

    private static Locator definitions(Page page) {
        return page.locator("select#select");
    }

    private static void choose(Page page, String definition) {
        definitions(page).selectOption(new com.microsoft.playwright.options.SelectOption().setLabel(definition));
        assertThat(page.locator(".information-container .title")).containsText("Gatehouse");
    }

    private static Locator operation(Page page, String method, String path) {
        return page.locator(".opblock-" + method)
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator(".opblock-summary-path[data-path='" + path + "']")));
    }

    /** Authorization code with PKCE, through the issuer's login page in the window that opens. */
    private static void logIn(Page page, Gatehouse.User user) {
        page.locator(".scheme-container .btn.authorize").click();
        Locator dialog = page.locator(".dialog-ux");
        dialog.locator("a:text-is('select all')").first().click();
        Page login = page.context()
                .waitForPage(() -> dialog.locator("button.authorize").first().click());
        login.locator("input[name=username]").fill(user.name());
        login.locator("input[name=password]").fill(user.password());
        login.locator("button[type=submit]").click();
        assertThat(dialog.locator("button:text-is('Logout')").first()).isVisible();
        dialog.locator("button.btn-done").first().click();
    }

    private static Response tryOut(Page page, String method, String path, String body, String idempotencyKey) {
        Locator operation = operation(page, method, path);
        operation.locator(".opblock-summary-control").click();
        operation.locator("button.try-out__btn").click();
        if (!idempotencyKey.isEmpty()) {
            operation.locator("tr[data-param-name='Idempotency-Key'] input").fill(idempotencyKey);
        }
        operation.locator("textarea.body-param__text").fill(body);
        return page.waitForResponse(
                response -> response.request().method().equalsIgnoreCase(method)
                        && response.url().endsWith(path),
                () -> operation.locator("button.execute").click());
    }
}

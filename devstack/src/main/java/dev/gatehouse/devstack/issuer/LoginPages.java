package dev.gatehouse.devstack.issuer;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.HtmlUtils;

/** The two pages a person sees: the login form, and who is logged in with a way out. */
final class LoginPages {

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>%s - Gatehouse</title>
              <style>
                :root { color-scheme: light dark; }
                body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid;
                       place-items: center; background: Canvas; color: CanvasText; }
                main { width: min(22rem, 90vw); }
                h1 { font-size: 1.4rem; margin: 0 0 1rem; }
                label { display: block; margin: .75rem 0 .25rem; }
                input, button { box-sizing: border-box; width: 100%%; font: inherit; padding: .55rem .7rem;
                                border: 1px solid GrayText; border-radius: .4rem; }
                button { margin-top: 1.25rem; border: 0; background: #1f5fbf; color: #fff; cursor: pointer; }
                :focus-visible { outline: 3px solid #7fb0ff; outline-offset: 2px; }
                [role=alert] { padding: .5rem .7rem; border-radius: .4rem; background: #b3261e; color: #fff; }
                [role=status] { padding: .5rem .7rem; border-radius: .4rem; background: #1e6b3a; color: #fff; }
                small { color: GrayText; }
              </style>
            </head>
            <body><main>
            %s
            </main></body>
            </html>
            """;

    private LoginPages() {}

    static RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/login", LoginPages::login)
                .GET("/", LoginPages::home)
                .build();
    }

    private static ServerResponse login(ServerRequest request) {
        String notice = "";
        if (request.param("error").isPresent()) {
            notice = "<p role=\"alert\">That user name and password do not belong together.</p>";
        } else if (request.param("logout").isPresent()) {
            notice = "<p role=\"status\">You are signed out.</p>";
        }
        return page("Sign in", """
                <h1>Sign in to Gatehouse</h1>
                %s
                <form method="post" action="/login">
                  %s
                  <label for="username">User name</label>
                  <input id="username" name="username" autocomplete="username" required autofocus>
                  <label for="password">Password</label>
                  <input id="password" name="password" type="password" autocomplete="current-password" required>
                  <button type="submit">Sign in</button>
                </form>
                <p><small>A development issuer. The demo users and their passwords are shown by
                <code>make dev-status</code>.</small></p>
                """.formatted(notice, csrf(request)));
    }

    private static ServerResponse home(ServerRequest request) {
        String name = request.principal().map(Principal::getName).orElse("nobody");
        return page("Signed in", """
                <h1>Signed in as %s</h1>
                <form method="post" action="/logout">%s<button type="submit">Sign out</button></form>
                """.formatted(HtmlUtils.htmlEscape(name), csrf(request)));
    }

    private static String csrf(ServerRequest request) {
        return request.attribute(CsrfToken.class.getName())
                .map(CsrfToken.class::cast)
                .map(token -> "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                        .formatted(token.getParameterName(), HtmlUtils.htmlEscape(token.getToken())))
                .orElse("");
    }

    private static ServerResponse page(String title, String body) {
        return ServerResponse.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .body(PAGE.formatted(title, body));
    }
}

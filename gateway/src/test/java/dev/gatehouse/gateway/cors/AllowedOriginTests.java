package dev.gatehouse.gateway.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "https://shop.example:8443",
                "http://127.0.0.1:5173",
                "http://localhost:3000",
                "http://[::1]:8080",
                "https://[2001:db8::1]",
                "https://xn--caf-dma.example",
                "https://a-b.c1.example",
                "http://shop.example:443",
                "https://shop.example:65535",
            })
    void acceptsWhatABrowserSends(String origin) {
        assertThat(new AllowedOrigin(origin).value()).isEqualTo(origin);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "* | a wildcard would let every site",
                "null | identifies no one",
                "https://*.example | patterns are not supported",
                "https://*example.com | patterns are not supported",
                "shop.example | must start with http:// or https://",
                "ftp://shop.example | must start with http:// or https://",
                "file:///index.html | must start with http:// or https://",
                "chrome-extension://abc | must start with http:// or https://",
                "https:// | has no host",
                "https://shop.example/ | must not end with a slash",
                "https://shop.example/path | without a path",
                "https://shop.example?x | without a path",
                "https://shop.example#x | without a path",
                "https://user@shop.example | must not name a user",
                "https://SHOP.example | must be lower case",
                "HTTPS://shop.example | must start with http:// or https://",
                "https://café.example | xn-- form",
                "\"https://shop example\" | without spaces",
                "https://shop.example:443 | must not name the scheme's own port",
                "http://shop.example:80 | must not name the scheme's own port",
                "https://shop.example:0 | port must be 1 to 65535",
                "https://shop.example:65536 | port must be 1 to 65535",
                "https://shop.example:0443 | port must be 1 to 65535",
                "https://shop.example:99999999999 | port must be 1 to 65535",
                "https://shop.example: | is not scheme://host",
                "https://shop.example:x | is not scheme://host",
                "https://shop..example | has no valid host name",
                "https://shop.example. | has no valid host name",
                "https://-shop.example | has no valid host name",
                "https://127.1 | is not a dotted IPv4 address",
                "https://256.0.0.1 | is not a dotted IPv4 address",
                "https://2130706433 | is not a dotted IPv4 address",
                "https://0x7f.1 | is not a dotted IPv4 address",
                "http://[0:0:0:0:0:0:0:1] | is not an IPv6 address in its shortest form",
                "http://[::1 | is not scheme://host",
                "http://[zz::1] | is not scheme://host",
            })
    void refusesEverythingElseAndSaysWhy(String origin, String complaint) {
        assertThatThrownBy(() -> new AllowedOrigin(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(origin)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get | authorization | ETag | must be upper case",
                "* | authorization | ETag | list each method",
                "CONNECT | authorization | ETag | cannot be sent by a page",
                "A B | authorization | ETag | is not a method name",
                "GET | * | ETag | list each header",
                "GET | cookie | ETag | cannot be set by a page",
                "GET | Sec-Fetch-Mode | ETag | cannot be set by a page",
                "GET | access-control-x | ETag | belongs to the CORS protocol",
                "GET | a:b | ETag | is not a header name",
                "GET | authorization | * | list each header",
                "GET | authorization | Set-Cookie | can never be read",
                "GET | authorization | a b | is not a header name",
            })
    void refusesAPolicyThatMeansNothing(String method, String allowed, String exposed, String complaint) {
        assertThatThrownBy(() -> new CorsProperties(
                        List.of(), List.of(method), List.of(allowed), List.of(exposed), Duration.ofHours(2)))
                .hasMessageContaining(complaint);
    }
}

package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.devstack.stores.TestIssuer;
import dev.gatehouse.gateway.RawClient.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the gateway needs to start, and how it stops. */
@ExtendWith(OutputCaptureExtension.class)
class StartContractTests {

    private static final Upstream SERVICE = Upstream.start();

    @AfterAll
    static void stopService() {
        SERVICE.stop();
    }

    private static ConfigurableApplicationContext start(String... settings) {
        String[] all = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--GATEWAY_INVENTORY_URL=" + SERVICE.url(),
                                "--GATEWAY_BILLING_URL=" + SERVICE.url()),
                        Stream.of(settings))
                .toArray(String[]::new);
        return new SpringApplicationBuilder(GatewayApplication.class, OwnThreads.class).run(all);
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--gateway.upstreams.inventory=127.0.0.1:8081 | Illegal character in scheme name",
                "--gateway.upstreams.inventory=http://127.0.0.1:8081/base | is not scheme://host",
                "--gateway.cors.allowed-origins=* | a wildcard would let every site read the API",
                "--gateway.cors.allowed-origins=https://shop.example/ | must not end with a slash",
                "--gateway.cors.max-age=25h | must be 0 to 24 hours",
                "--gateway.cors.allowed-methods=TRACE | cannot be sent by a page",
                "--gateway.wire.max-target-bytes=10 | must be greater than or equal to 1024",
                "--spring.cloud.gateway.httpclient.connect-timeout=1 | would be ignored",
                "--spring.cloud.gateway.routes[0].id=x | would be ignored",
                "--spring.security.oauth2.resourceserver.jwt.issuer-uri= | on field 'issuer'",
            })
    void refusesToStartWithASettingThatCannotBeMeant(String setting, String complaint) {
        assertThatThrownBy(() -> start(setting).close())
                .satisfies(failure -> assertThat(org.assertj.core.util.Throwables.getStackTrace(failure))
                        .contains(complaint));
    }

    @Test
    void startsAndServesTheCatalogueWhileTheIssuerIsAway() {
        // Nothing listens there.
        try (TestIssuer elsewhere = TestIssuer.start();
                ConfigurableApplicationContext context =
                        start("--spring.security.oauth2.resourceserver.jwt.issuer-uri=http://127.0.0.1:1")) {
            Reply anonymous = RawClient.exchange(port(context), "GET /api/films");
            Reply known = RawClient.exchange(
                    port(context), "GET /api/films", "Authorization: Bearer " + elsewhere.token("customer-1"));

            assertThat(anonymous.status()).isEqualTo(200);
            assertThat(known.status()).isEqualTo(503);
            assertThat(known.body()).contains("/problems/service-unavailable");
            assertThat(known.one("Retry-After")).isEqualTo("5");
        }
    }

    @Test
    void goesOnAcceptingKnownKeysWhenTheIssuerLeaves() {
        TestIssuer issuer = TestIssuer.start();
        try (ConfigurableApplicationContext context =
                start("--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer.issuerUri())) {
            String token = "Authorization: Bearer " + issuer.token("customer-1");
            assertThat(RawClient.exchange(port(context), "GET /api/cart", token).status())
                    .isEqualTo(200);

            issuer.close();

            assertThat(RawClient.exchange(port(context), "GET /api/cart", token).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void answers503WhenAllUpstreamConnectionsAreTaken() {
        SERVICE.answer("/api/films/slow", (seen, response) -> Mono.never());
        try (ConfigurableApplicationContext context = start(
                        "--spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=1",
                        "--spring.cloud.gateway.server.webflux.httpclient.pool.acquire-timeout=200");
                RawClient first = RawClient.to(port(context))) {
            SERVICE.reset();
            SERVICE.answer("/api/films/slow", (seen, response) -> Mono.never());
            first.send(RawClient.head("GET /api/films/slow"));
            SERVICE.next();

            Reply second = RawClient.exchange(port(context), "GET /api/films");

            assertThat(second.status()).isEqualTo(503);
            assertThat(second.body()).contains("/problems/service-unavailable");
            assertThat(second.one("Retry-After")).isEqualTo("1");
        }
    }

    @Test
    void answers504WhenAConnectionCannotBeMadeInTime() {
        try (FullListener full = new FullListener();
                ConfigurableApplicationContext context = start(
                        "--gateway.upstreams.inventory=http://127.0.0.1:" + full.port(),
                        "--spring.cloud.gateway.server.webflux.httpclient.connect-timeout=300")) {
            Reply reply = RawClient.exchange(port(context), "GET /api/films");

            assertThat(reply.status()).isEqualTo(504);
            assertThat(reply.body()).contains("/problems/gateway-timeout");
        }
    }

    @Test
    void finishesRequestsInFlightBeforeItStops(CapturedOutput output) throws Exception {
        // Longer than the threads take to end by themselves, which is two seconds.
        SERVICE.reset();
        SERVICE.answer(
                "/api/films/slow",
                (seen, response) -> response.sendString(Flux.just("done").delaySequence(Duration.ofMillis(3_500))));
        ConfigurableApplicationContext context = start();
        try (RawClient client = RawClient.to(port(context))) {
            client.send(RawClient.head("GET /api/films/slow"));
            SERVICE.next();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(context::close);

            assertThat(client.reply().body()).isEqualTo("done");
            stopped.get(20, TimeUnit.SECONDS);
            assertThat(output.getOut()).contains("Graceful shutdown complete");
        }
    }

    @Test
    void closesIdleClientConnections() {
        try (ConfigurableApplicationContext context = start("--server.netty.idle-timeout=300ms");
                RawClient client = RawClient.to(port(context))) {
            assertThat(client.send(RawClient.head("GET /api/films")).reply().status())
                    .isEqualTo(200);

            assertThat(client.upToClose()).isEmpty();
        }
    }

    @Test
    void sendsStrictTransportSecurityWhereItIsConfigured() {
        String value = "max-age=31536000; includeSubDomains";
        try (ConfigurableApplicationContext context = start("--gateway.wire.strict-transport-security=" + value)) {
            assertThat(RawClient.exchange(port(context), "GET /nowhere").one("Strict-Transport-Security"))
                    .isEqualTo(value);
        }
    }

    /** A gateway that stops takes its threads with it: not those of the other gateways in this JVM. */
    @TestConfiguration(proxyBeanMethods = false)
    static class OwnThreads {

        @Bean
        ReactorResourceFactory reactorResourceFactory() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        }
    }

    /** Accepts nothing, and has its queue full, so that the kernel drops the next connection attempts. */
    private static final class FullListener implements AutoCloseable {

        private final java.net.ServerSocket listener;
        private final List<java.net.Socket> waiting = new java.util.ArrayList<>();

        FullListener() {
            try {
                listener = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"));
                for (int i = 0; i < 8; i++) {
                    java.net.Socket socket = new java.net.Socket();
                    waiting.add(socket);
                    try {
                        socket.connect(listener.getLocalSocketAddress(), 100);
                    } catch (java.net.SocketTimeoutException full) {
                        return;
                    }
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() {
            try {
                for (java.net.Socket socket : waiting) {
                    socket.close();
                }
                listener.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}

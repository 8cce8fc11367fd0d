package dev.gatehouse.billing.cart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.billing.BillingIntegrationTest;
import dev.gatehouse.billing.InventoryStub;
import dev.gatehouse.billing.inventory.FilmNotFound;
import dev.gatehouse.billing.money.Money;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.RedisServer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

@BillingIntegrationTest
class CartServiceIT {

    @Autowired
    CartService carts;

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    InventoryStub inventory;

    private final String customer = "customer-" + UUID.randomUUID();

    @Test
    void isEmptyForAStranger() {
        Cart cart = carts.of(customer);

        assertThat(cart.isEmpty()).isTrue();
        assertThat(cart.total()).isNull();
        assertThat(cart.expiresAt()).isNull();
    }

    @Test
    void keepsWhatWasPutInAtTheCataloguesPrice() {
        UUID cheap = inventory.film(9, 500);
        UUID dear = inventory.film(9, 1250);

        carts.put(customer, cheap, 3);
        Cart answered = carts.put(customer, dear, 1);

        assertThat(carts.of(customer).items()).isEqualTo(answered.items());
        assertThat(answered.items())
                .containsExactlyInAnyOrder(
                        new Cart.Item(cheap, "Film " + cheap, 3, new Money(500, "EUR")),
                        new Cart.Item(dear, "Film " + dear, 1, new Money(1250, "EUR")));
        assertThat(answered.total()).isEqualTo(new Money(2750, "EUR"));
    }

    @Test
    void replacesTheQuantityAndThePrice() {
        UUID film = inventory.film(9, 500);
        carts.put(customer, film, 3);
        inventory.price(film, 600);

        Cart cart = carts.put(customer, film, 2);

        assertThat(cart.total()).isEqualTo(new Money(1200, "EUR"));
    }

    @Test
    void refusesAFilmInventoryDoesNotSell() {
        assertThatExceptionOfType(FilmNotFound.class).isThrownBy(() -> carts.put(customer, UUID.randomUUID(), 1));
        assertThat(carts.of(customer).isEmpty()).isTrue();
    }

    @Test
    void takesOneFilmOutAndForgetsAll() {
        UUID kept = inventory.film(9, 500);
        UUID taken = inventory.film(9, 700);
        carts.put(customer, kept, 1);
        carts.put(customer, taken, 1);

        carts.remove(customer, taken);
        carts.remove(customer, taken);

        assertThat(carts.of(customer).items()).extracting(Cart.Item::filmId).containsExactly(kept);

        carts.clear(customer);

        assertThat(carts.of(customer).isEmpty()).isTrue();
    }

    @Test
    void keepsCustomersApart() {
        carts.put(customer, inventory.film(9, 500), 1);

        assertThat(carts.of(customer + "x").isEmpty()).isTrue();
    }

    @Test
    void holdsAHundredFilmsAndNoMore() {
        UUID first = inventory.film(1, 100);
        carts.put(customer, first, 1);
        for (int i = 1; i < 100; i++) {
            carts.put(customer, inventory.film(1, 100), 1);
        }

        assertThatExceptionOfType(CartConflict.class)
                .isThrownBy(() -> carts.put(customer, inventory.film(1, 100), 1))
                .withMessageContaining("100");
        assertThat(carts.put(customer, first, 2).items()).hasSize(100);
    }

    @Test
    void holdsAHundredFilmsAndNoMoreWhenManyPutAtOnce(@Autowired Carts store) throws Exception {
        List<Callable<Cart>> puts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            puts.add(() -> store.put(customer, item("EUR"), 10));
        }

        try (var threads = Executors.newFixedThreadPool(8)) {
            threads.invokeAll(puts);
        }

        assertThat(carts.of(customer).items()).hasSize(10);
    }

    @Test
    void holdsOneCurrency(@Autowired Carts store) {
        Cart.Item euro = item("EUR");
        store.put(customer, euro, 100);

        assertThatExceptionOfType(CartConflict.class)
                .isThrownBy(() -> store.put(customer, item("USD"), 100))
                .withMessageContaining("USD");

        // The only film may change its currency: nothing else is there to disagree.
        Cart.Item dollar = new Cart.Item(euro.filmId(), euro.title(), 1, new Money(1, "USD"));
        assertThat(store.put(customer, dollar, 100).total()).isEqualTo(new Money(1, "USD"));
    }

    @Test
    void isKeptForSevenDaysAfterItsLastUse() {
        carts.put(customer, inventory.film(9, 500), 1);
        redis.expire("billing:cart:" + customer, Duration.ofHours(1));

        Instant expiresAt = carts.of(customer).expiresAt();

        assertThat(Duration.between(Instant.now(), expiresAt))
                .isBetween(
                        Duration.ofDays(7).minusMinutes(1), Duration.ofDays(7).plusMinutes(1));
        assertThat(redis.getExpire("billing:cart:" + customer))
                .isGreaterThan(Duration.ofDays(6).toSeconds());
    }

    @Test
    void isForgottenWhenItExpires() {
        Carts shortLived = new Carts(redis, new CartProperties(Duration.ofMillis(300)));
        shortLived.put(customer, item("EUR"), 100);

        // Not by reading it: that would renew it.
        await().atMost(Duration.ofSeconds(5)).until(() -> !redis.hasKey("billing:cart:" + customer));

        assertThat(shortLived.read(customer).isEmpty()).isTrue();
    }

    @Test
    void saysSoAtOnceWhenTheStoreIsAwayAndWorksAgainWhenItIsBack(
            @TempDir Path folder,
            @Autowired LettuceClientOptionsBuilderCustomizer options,
            @Autowired Environment env) {
        RedisServer server = RedisServer.in(folder, Ports.free(), RedisServer.Program.AUTO, null);
        server.start();
        LettuceConnectionFactory connections = connections(server, options, env);
        try {
            Carts store = new Carts(new StringRedisTemplate(connections), new CartProperties(Duration.ofDays(7)));
            Cart before = store.put(customer, item("EUR"), 100);

            server.stop();
            Instant start = Instant.now();
            assertThatExceptionOfType(CartUnavailable.class).isThrownBy(() -> store.read(customer));
            assertThatExceptionOfType(CartUnavailable.class).isThrownBy(() -> store.delete(customer));
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));

            server.start();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> store.read(customer).items().equals(before.items()));

            server.pause();
            start = Instant.now();
            assertThatExceptionOfType(CartUnavailable.class).isThrownBy(() -> store.read(customer));
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
            server.resume();
        } finally {
            connections.destroy();
            server.close();
        }
    }

    /** Connected as the service is: same time-outs, same behaviour without a connection. */
    private static LettuceConnectionFactory connections(
            RedisServer server, LettuceClientOptionsBuilderCustomizer options, Environment env) {
        var clientOptions = ClientOptions.builder();
        options.customize(clientOptions);
        Duration timeout = Binder.get(env)
                .bind("spring.data.redis.timeout", Duration.class)
                .get();
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                new RedisStandaloneConfiguration(server.host(), server.port()),
                LettuceClientConfiguration.builder()
                        .commandTimeout(timeout)
                        .clientOptions(clientOptions
                                .timeoutOptions(TimeoutOptions.enabled())
                                .build())
                        .build());
        connections.afterPropertiesSet();
        connections.start();
        return connections;
    }

    private static Cart.Item item(String currency) {
        UUID film = UUID.randomUUID();
        return new Cart.Item(film, "Film " + film, 1, new Money(100, currency));
    }
}

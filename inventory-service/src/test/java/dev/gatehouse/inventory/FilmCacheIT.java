package dev.gatehouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.devstack.stores.TestStores;
import dev.gatehouse.inventory.Caller.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

@IntegrationTest
@TestPropertySource(properties = "inventory.cache.retry-after=PT0.3S")
class FilmCacheIT {

    @Autowired
    Caller caller;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    MeterRegistry meters;

    @Autowired
    Stores.RedisOutage outage;

    private String film;

    @Test
    void servesTheSecondReadFromRedis() {
        create();
        caller.get(film).send();
        double hits = reads("hit");
        spoilDatabase();

        Answer second = caller.get(film).send();

        assertThat(second.json().path("title").asString()).isEqualTo("Cached");
        assertThat(reads("hit")).isEqualTo(hits + 1);
        assertThat(redis.getExpire(key())).isBetween(1L, 330L);
    }

    @Test
    void showsAChangeToTheNextReader() {
        create();
        caller.get(film).send();

        caller.patch(film, "{\"title\": \"Changed\"}")
                .asEditor()
                .header("If-Match", "*")
                .send();

        assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Changed");
        caller.delete(film).asEditor().header("If-Match", "*").send();
        assertThat(caller.get(film).send().status()).isEqualTo(404);
        assertThat(redis.opsForValue().get(key())).isEqualTo("3\ng");
    }

    @Test
    void leavesTheCacheAloneWhenAChangeIsRolledBack() {
        create();
        caller.get(film).send();
        String cached = redis.opsForValue().get(key());

        Answer refused = caller.patch(film, "{\"year\": 1}")
                .asEditor()
                .header("If-Match", "*")
                .send();

        assertThat(refused.status()).isEqualTo(400);
        assertThat(redis.opsForValue().get(key())).isEqualTo(cached);
    }

    @Test
    void goesRoundWhatItDidNotWrite() {
        create();
        redis.opsForValue().set(key(), "1\nv{\"surprise\": true}");
        assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Cached");

        redis.opsForValue().set(key(), "garbage");
        assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Cached");
        assertThat(redis.opsForValue().get(key())).startsWith("1\nv{");
    }

    @Test
    void answersWhileRedisHangs() {
        create();
        caller.get(film).send();
        outage.begin().run();
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(caller.get(film).send().status()).isEqualTo(200);
            }
            assertThat(caller.patch(film, "{\"title\": \"Changed\"}")
                            .asEditor()
                            .header("If-Match", "*")
                            .send()
                            .status())
                    .isEqualTo(200);
            assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Changed");
            assertThat(caller.management("/actuator/health/readiness").send().status())
                    .isEqualTo(200);
            assertThat(caller.management("/actuator/health").send().status()).isEqualTo(503);
        } finally {
            outage.end().run();
        }

        // The old value is still in there; the change must get to it before anybody is shown it again.
        assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Changed");
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(caller.get(film).send().json().path("title").asString()).isEqualTo("Changed");
            assertThat(redis.opsForValue().get(key())).contains("Changed");
        });
    }

    @Test
    void asksAHangingRedisOnlyNowAndThen() {
        create();
        outage.begin().run();
        try {
            Awaitility.await().until(() -> caller.get(film).send().status() == 200 && reads("error") > 3);
            long began = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                caller.get(film).send();
            }
            // Without the breaker each of them waits for the command's timeout: ten seconds at least.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        } finally {
            outage.end().run();
        }
    }

    @Test
    @DisabledIfEnvironmentVariable(
            named = "STORES",
            matches = Stores.CONTAINERS,
            disabledReason = "a container that was stopped comes back at another port")
    void answersWhileRedisIsGoneAndUsesItWhenItIsBack() {
        create();
        TestStores.redis().stop();
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(caller.get(film).send().status()).isEqualTo(200);
            }
            assertThat(caller.get("/api/films?limit=1").send().status()).isEqualTo(200);
            assertThat(caller.management("/actuator/health/readiness").send().status())
                    .isEqualTo(200);
        } finally {
            TestStores.redis().start();
        }

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            double hits = reads("hit");
            caller.get(film).send();
            return reads("hit") > hits;
        });
    }

    private void create() {
        film = caller.post("/api/films", Films.minimal("Cached"))
                .asEditor()
                .send()
                .header("Location");
    }

    private UUID id() {
        return UUID.fromString(film.substring(film.lastIndexOf('/') + 1));
    }

    private String key() {
        return "inventory:film:1:" + id();
    }

    private void spoilDatabase() {
        jdbc.sql("UPDATE films SET title = 'Spoilt' WHERE id = ?").param(id()).update();
    }

    private double reads(String result) {
        return meters.get("inventory.cache.reads")
                .tag("result", result)
                .counter()
                .count();
    }
}

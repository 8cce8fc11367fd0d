package dev.gatehouse.inventory.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.inventory.IntegrationTest;
import dev.gatehouse.inventory.Stores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;

@IntegrationTest
class VersionedCacheIT {

    @Autowired
    StringRedisTemplate redis;

    @Autowired
    Stores.RedisOutage outage;

    private final String id = UUID.randomUUID().toString();
    private final AtomicLong clock = new AtomicLong();
    private VersionedCache cache;
    private VersionedCache otherInstance;

    @BeforeEach
    void makeTwoInstances() {
        cache = instance();
        otherInstance = instance();
    }

    private VersionedCache instance() {
        return new VersionedCache(
                "test",
                redis,
                Duration.ofMinutes(5),
                new Breaker(Duration.ofSeconds(2), clock::get),
                new SimpleMeterRegistry());
    }

    @Test
    void keepsANewerValueThatAnotherInstanceWrote() {
        cache.read(id, atLeast -> {
            // Meanwhile the row changes, and another instance reads the new version and keeps it.
            otherInstance.changed(id, 2);
            otherInstance.read(id, least -> new Versioned(2, "new"));
            return new Versioned(1, "old");
        });

        assertThat(otherInstance.read(id, VersionedCacheIT::unexpected)).hasValue("new");
    }

    @Test
    void keepsOldValuesOutBehindAChange() {
        otherInstance.changed(id, 2);

        // A replica that lags: it answers with the version before the change.
        cache.read(id, atLeast -> new Versioned(1, "old"));

        assertThat(otherInstance.read(id, atLeast -> new Versioned(2, "new"))).hasValue("new");
        assertThat(cache.read(id, VersionedCacheIT::unexpected)).hasValue("new");
    }

    @Test
    void saysWhichVersionIsKnownToExist() {
        otherInstance.changed(id, 7);
        AtomicLong asked = new AtomicLong();

        cache.read(id, atLeast -> {
            asked.set(atLeast);
            return new Versioned(7, "seven");
        });

        assertThat(asked).hasValue(7);
    }

    @Test
    void keepsEverythingOutBehindADeletion() {
        cache.read(id, atLeast -> {
            otherInstance.gone(id, 5);
            return new Versioned(5, "deleted");
        });

        assertThat(cache.read(id, VersionedCacheIT::unexpected)).isEmpty();
        assertThat(redis.getExpire("inventory:test:" + id)).isBetween(1L, 60L);
    }

    @Test
    void loadsOnceForManyReaders() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                readers.add(executor.submit(() -> cache.read(id, atLeast -> {
                            loads.incrementAndGet();
                            await(release);
                            return new Versioned(1, "one");
                        })
                        .orElseThrow()));
            }
            Awaitility.await().until(() -> loads.get() == 1);
            release.countDown();
            for (Future<String> reader : readers) {
                assertThat(reader.get()).isEqualTo("one");
            }
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void startsALoadOfItsOwnAfterAChange() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> early = executor.submit(() -> cache.read(id, atLeast -> {
                        begun.countDown();
                        await(release);
                        return new Versioned(1, "old");
                    })
                    .orElseThrow());
            await(begun);
            cache.changed(id, 2);

            assertThat(cache.read(id, atLeast -> new Versioned(2, "new"))).hasValue("new");

            release.countDown();
            assertThat(early.get()).isEqualTo("old");
        }
        assertThat(cache.read(id, VersionedCacheIT::unexpected)).hasValue("new");
    }

    @Test
    void tellsEveryWaitingReaderOfAFailureAndForgetsIt() {
        assertThatThrownBy(() -> cache.read(id, atLeast -> {
                    throw new IllegalStateException("no database");
                }))
                .hasMessage("no database");

        assertThat(cache.read(id, atLeast -> new Versioned(1, "one"))).hasValue("one");
    }

    @Test
    void remembersWhatItCouldNotSay() {
        cache.read(id, atLeast -> new Versioned(1, "old"));
        outage.begin().run();
        try {
            cache.changed(id, 2);
            assertThat(cache.read(id, atLeast -> new Versioned(2, "new"))).hasValue("new");
        } finally {
            outage.end().run();
        }
        // The breaker may have opened; its time passes only here.
        clock.addAndGet(Duration.ofSeconds(3).toNanos());

        assertThat(cache.read(id, atLeast -> new Versioned(atLeast, "new"))).hasValue("new");

        Awaitility.await()
                .untilAsserted(() -> assertThat(otherInstance.read(id, atLeast -> new Versioned(atLeast, "new")))
                        .hasValue("new"));
    }

    private static Versioned unexpected(long atLeast) {
        throw new AssertionError("The cache should have known");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.gatehouse.inventory.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * A read-through cache whose values only ever get newer.
 *
 * <p>A change leaves a mark with its version, so that a slow reader, or one that asked a lagging replica, cannot put an
 * older value over it. Concurrent loads of one key in this JVM are one load. Every failure of Redis is a miss: it costs at
 * most the command's timeout, and nothing once the breaker is open. A mark that could not be written is remembered and
 * written when Redis is back; until then this instance does not trust the key. Another instance may serve the old value
 * meanwhile, at most as long as its time to live: nothing that decides on stock or money may be read from here.
 */
public final class VersionedCache {

    private static final Logger log = LoggerFactory.getLogger(VersionedCache.class);

    /** Longer than a replica lags and a load takes; a mark has done its work by then. */
    private static final Duration MARK_TTL = Duration.ofMinutes(1);

    private static final int MAX_OWED = 10_000;

    /** KEYS[1] key; ARGV: version, text, milliseconds to live. A mark gives way to a value of its own version. */
    private static final RedisScript<Long> PUT_IF_NEWER = RedisScript.of("""
            local current = redis.call('GET', KEYS[1])
            if current then
              local version, kind = string.match(current, '^(%d+)\\n(.)')
              if version then
                local have, new = tonumber(version), tonumber(ARGV[1])
                if have > new or (have == new and kind ~= 'c') then return 0 end
              end
            end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            return 1
            """, Long.class);

    private final String prefix;
    private final StringRedisTemplate redis;
    private final Duration ttl;
    private final Breaker breaker;
    private final Map<String, Flight> flights = new ConcurrentHashMap<>();
    private final Map<String, Entry> owed = new ConcurrentHashMap<>();
    private final Counter hits;
    private final Counter misses;
    private final Counter errors;

    VersionedCache(String name, StringRedisTemplate redis, Duration ttl, Breaker breaker, MeterRegistry meters) {
        this.prefix = "inventory:" + name + ":";
        this.redis = redis;
        this.ttl = ttl;
        this.breaker = breaker;
        this.hits = reads(meters, name, "hit");
        this.misses = reads(meters, name, "miss");
        this.errors = reads(meters, name, "error");
        meters.gauge("inventory.cache.owed", owed, Map::size);
    }

    private static Counter reads(MeterRegistry meters, String name, String result) {
        return Counter.builder("inventory.cache.reads")
                .tag("cache", name)
                .tag("result", result)
                .register(meters);
    }

    /**
     * The cached body, or the loaded one.
     *
     * @param loader takes the lowest version it may answer with (0: any) and answers null when there is no such row; its
     *     exceptions reach every caller that waited for it
     */
    public Optional<String> read(String id, LongFunction<@Nullable Versioned> loader) {
        String key = prefix + id;
        Entry debt = settle(key);
        if (debt != null) {
            errors.increment();
            return debt.kind() == Entry.Kind.GONE ? Optional.empty() : load(key, debt.version(), loader);
        }
        if (!breaker.allows()) {
            errors.increment();
            return load(key, 0, loader);
        }
        Entry entry;
        try {
            String text = redis.opsForValue().get(key);
            succeeded();
            entry = text == null ? null : Entry.parse(text);
        } catch (RuntimeException e) {
            failed(e);
            errors.increment();
            return load(key, 0, loader);
        }
        if (entry == null) {
            misses.increment();
            return load(key, 0, loader);
        }
        return switch (entry.kind()) {
            case VALUE -> {
                hits.increment();
                yield Optional.of(entry.body());
            }
            case GONE -> {
                hits.increment();
                yield Optional.empty();
            }
            case CHANGED -> {
                misses.increment();
                yield load(key, entry.version(), loader);
            }
        };
    }

    /** To be called after the change is committed: no read that starts afterwards on this instance sees an older version. */
    public void changed(String id, long version) {
        mark(prefix + id, Entry.changed(version));
    }

    /** To be called after the deletion is committed. The id must never be used again. */
    public void gone(String id, long lastVersion) {
        mark(prefix + id, Entry.gone(lastVersion));
    }

    private Optional<String> load(String key, long atLeast, LongFunction<@Nullable Versioned> loader) {
        Flight mine = new Flight(atLeast, new CompletableFuture<>());
        Flight flight =
                flights.compute(key, (k, running) -> running != null && running.atLeast >= atLeast ? running : mine);
        if (flight != mine) {
            return flight.await();
        }
        try {
            // Whoever looked before the last load ended and comes here after it finds what that one wrote.
            Entry written = look(key);
            if (written != null && written.kind() == Entry.Kind.VALUE && written.version() >= atLeast) {
                mine.result.complete(Optional.of(written.body()));
                return Optional.of(written.body());
            }
            Versioned loaded = loader.apply(atLeast);
            mine.result.complete(Optional.ofNullable(loaded).map(Versioned::body));
            if (loaded == null) {
                return Optional.empty();
            }
            // Nothing depends on whether this works, or on whether somebody was newer.
            write(key, Entry.value(loaded.version(), loaded.body()), jittered());
            return Optional.of(loaded.body());
        } catch (RuntimeException | Error e) {
            mine.result.completeExceptionally(e);
            throw e;
        } finally {
            // Not before the value is written: until then nobody else would find it.
            flights.remove(key, mine);
        }
    }

    /** What Redis has; null for nothing, and when it cannot be asked. */
    private @Nullable Entry look(String key) {
        if (!breaker.allows()) {
            return null;
        }
        try {
            String text = redis.opsForValue().get(key);
            succeeded();
            return text == null ? null : Entry.parse(text);
        } catch (RuntimeException e) {
            failed(e);
            return null;
        }
    }

    private void mark(String key, Entry mark) {
        // A load that began before the change must not answer those who ask after it.
        flights.remove(key);
        if (!write(key, mark, MARK_TTL)) {
            remember(key, mark);
        }
    }

    private void remember(String key, Entry mark) {
        if (owed.size() < MAX_OWED || owed.containsKey(key)) {
            owed.merge(key, mark, Entry::newer);
        } else {
            log.warn("cache mark lost key={} version={}: an older value may live for {}", key, mark.version(), ttl);
        }
    }

    /** @return the mark that this key still lacks, or null when Redis has it */
    private @Nullable Entry settle(String key) {
        Entry debt = owed.get(key);
        if (debt != null && write(key, debt, MARK_TTL)) {
            owed.remove(key, debt);
        }
        // Even when it was settled just now, this one read goes by the mark itself.
        return debt;
    }

    private boolean write(String key, Entry entry, Duration timeToLive) {
        if (!breaker.allows()) {
            return false;
        }
        try {
            redis.execute(
                    PUT_IF_NEWER,
                    List.of(key),
                    Long.toString(entry.version()),
                    entry.text(),
                    Long.toString(timeToLive.toMillis()));
            succeeded();
            return true;
        } catch (RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void succeeded() {
        if (breaker.succeeded()) {
            log.info("cache back, {} marks to write", owed.size());
            Thread.startVirtualThread(() -> owed.keySet().forEach(this::settle));
        }
    }

    private void failed(RuntimeException e) {
        if (breaker.failed()) {
            log.warn("cache away, reads go to the database: {}", e.toString());
        }
    }

    private Duration jittered() {
        // Values loaded together must not expire together.
        return ttl.multipliedBy(90 + ThreadLocalRandom.current().nextInt(21)).dividedBy(100);
    }

    private record Flight(long atLeast, CompletableFuture<Optional<String>> result) {

        Optional<String> await() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}

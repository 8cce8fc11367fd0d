package dev.gatehouse.drills.load;

import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.drills.load.Attempt.Try;
import dev.gatehouse.drills.load.Shop.Film;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Customers in an open model: orders begin at their rate whether or not earlier ones were answered, as people do. A
 * customer who is not answered asks again with the same key, for up to {@link #PATIENCE}. Beside them others read the
 * catalogue. Everything is remembered, and written to a file of JSON lines at the end.
 */
public final class Load {

    /** How long a customer asks again. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final Shop shop;
    private final List<Film> films;
    private final Mix mix;
    private final SplittableRandom random;
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
    private final Phaser busy = new Phaser(1);
    private volatile double ordersPerSecond;
    private volatile double readsPerSecond;
    private volatile boolean running = true;
    private final List<Thread> clocks;

    private Load(Shop shop, List<Film> films, Mix mix, long seed, double ordersPerSecond, double readsPerSecond) {
        this.shop = shop;
        this.films = List.copyOf(films);
        this.mix = mix;
        this.random = new SplittableRandom(seed);
        this.ordersPerSecond = ordersPerSecond;
        this.readsPerSecond = readsPerSecond;
        SplittableRandom choices = random.split();
        this.clocks = List.of(
                Thread.ofPlatform()
                        .daemon()
                        .name("orders")
                        .unstarted(() -> tick(() -> this.ordersPerSecond, () -> {
                            Attempt attempt = next(random);
                            double mood = random.nextDouble();
                            attempts.add(attempt);
                            return () -> order(attempt, mood);
                        })),
                Thread.ofPlatform()
                        .daemon()
                        .name("reads")
                        .unstarted(() -> tick(() -> this.readsPerSecond, () -> {
                            Film film = this.films.get(choices.nextInt(this.films.size()));
                            return () -> read(film);
                        })));
    }

    /**
     * Begins.
     *
     * @param films what is ordered; the first ones more often than the last
     */
    public static Load start(
            Shop shop, List<Film> films, Mix mix, long seed, double ordersPerSecond, double readsPerSecond) {
        Load load = new Load(shop, films, mix, seed, ordersPerSecond, readsPerSecond);
        load.clocks.forEach(Thread::start);
        return load;
    }

    /** Another rate from now on. */
    public void ordersPerSecond(double rate) {
        ordersPerSecond = rate;
    }

    /** Begins nothing more, and returns when every customer knows the outcome or has lost patience. */
    public void stop() throws InterruptedException {
        running = false;
        for (Thread clock : clocks) {
            clock.join();
        }
        busy.arriveAndAwaitAdvance();
    }

    /** All orders begun so far. */
    public List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** All readings of the catalogue so far. */
    public List<Read> reads() {
        return List.copyOf(reads);
    }

    /** Writes what the customers saw, a JSON line for each order. */
    public void write(Path file) {
        JsonMapper json = JsonMapper.shared();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Attempt attempt : attempts) {
                out.write(json.writeValueAsString(new Line(
                        attempt.key(),
                        attempt.film(),
                        attempt.quantity(),
                        attempt.totalMinor(),
                        attempt.paymentMethod(),
                        attempt.invokedAt(),
                        attempt.outcome(),
                        attempt.orderId(),
                        attempt.tries())));
                out.newLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tick(java.util.function.DoubleSupplier rate, java.util.function.Supplier<Runnable> begin) {
        long due = System.nanoTime();
        while (running) {
            double perSecond = rate.getAsDouble();
            if (perSecond <= 0) {
                due = System.nanoTime();
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                continue;
            }
            long wait = due - System.nanoTime();
            if (wait > 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(wait);
                continue;
            }
            Runnable task = begin.get();
            busy.register();
            Thread.ofVirtual().start(() -> {
                try {
                    task.run();
                } finally {
                    busy.arriveAndDeregister();
                }
            });
            due += (long) (1e9 / perSecond);
        }
    }

    private Attempt next(SplittableRandom from) {
        // The smaller of two draws: the first films are wanted most.
        Film film = films.get(Math.min(from.nextInt(films.size()), from.nextInt(films.size())));
        return new Attempt(
                // Never the seed's: the platform remembers the keys of the drills before.
                UUID.randomUUID().toString(),
                film.id(),
                1 + from.nextInt(mix.maxQuantity()),
                film.priceMinor(),
                from.nextDouble() < mix.declined() ? "pm_card_chargeDeclined" : "pm_card_visa",
                Instant.now());
    }

    private void order(Attempt attempt, double mood) {
        Instant end = attempt.invokedAt().plus(PATIENCE);
        long pause = PAUSE_MIN.toMillis();
        while (true) {
            Instant sent = Instant.now();
            long retryAfter = 0;
            try {
                HttpResponse<String> answer = ask(attempt);
                UUID named = attempt.tries().getLast().orderId();
                if (named != null) {
                    attempt.acknowledged(named);
                    afterwards(attempt, named, mood);
                    return;
                }
                if (answer.statusCode() < 500 && answer.statusCode() != 409 && answer.statusCode() != 429) {
                    attempt.refused();
                    return;
                }
                retryAfter = answer.headers().firstValueAsLong("Retry-After").orElse(0) * 1000;
            } catch (IOException | RuntimeException e) {
                attempt.tried(tried(sent, 0, null, e.toString()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long wait = Math.max(
                    (long) (pause * ThreadLocalRandom.current().nextDouble(0.8, 1.2)), Math.min(retryAfter, 5000));
            if (Instant.now().plusMillis(wait).isAfter(end)) {
                return;
            }
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = Math.min(pause * 2, PAUSE_MAX.toMillis());
        }
    }

    /** Sends the order with its key, and remembers the answer. */
    private HttpResponse<String> ask(Attempt attempt) throws IOException, InterruptedException {
        Instant sent = Instant.now();
        HttpResponse<String> answer = shop.send(
                DemoUser.CUSTOMER,
                "POST",
                "/api/orders",
                """
                {"lines": [{"filmId": "%s", "quantity": %d, "unitPrice": {"amountMinor": %d, "currency": "EUR"}}],
                 "paymentMethod": "%s"}""".formatted(
                                attempt.film(),
                                attempt.quantity(),
                                attempt.totalMinor() / attempt.quantity(),
                                attempt.paymentMethod()),
                ANSWER_LIMIT,
                "Idempotency-Key",
                "\"" + attempt.key() + "\"");
        attempt.tried(tried(
                sent, answer.statusCode(), answer.statusCode() / 100 == 2 ? Shop.orderNamedIn(answer) : null, null));
        return answer;
    }

    /** Some customers change their mind, and some send the same request again though they were answered. */
    private void afterwards(Attempt attempt, UUID order, double mood) {
        try {
            if (mood < mix.cancelled()) {
                shop.send(DemoUser.CUSTOMER, "POST", "/api/orders/" + order + "/cancellation", "", ANSWER_LIMIT);
            } else if (mood < mix.cancelled() + mix.repeated()) {
                ask(attempt);
            }
        } catch (IOException | RuntimeException unanswered) {
            // Nobody relies on it: the order's fate is judged from the stores.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Film film) {
        Instant sent = Instant.now();
        int status = 0;
        try {
            status = shop.send(null, "GET", "/api/films/" + film.id(), null, ANSWER_LIMIT)
                    .statusCode();
        } catch (IOException | RuntimeException unanswered) {
            // status 0
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Instant ended = Instant.now();
        reads.add(new Read(ended, Duration.between(sent, ended).toMillis(), status));
    }

    private static Try tried(Instant sent, int status, @Nullable UUID order, @Nullable String error) {
        Instant ended = Instant.now();
        return new Try(ended, Duration.between(sent, ended).toMillis(), status, order, error);
    }

    /**
     * What customers are like.
     *
     * @param declined share whose card is declined
     * @param cancelled share who cancel at once
     * @param repeated share who send the request again after its answer
     * @param maxQuantity most copies in an order
     */
    public record Mix(double declined, double cancelled, double repeated, int maxQuantity) {

        /** A bit of everything. */
        public static final Mix USUAL = new Mix(0.04, 0.03, 0.05, 3);
    }

    /**
     * One reading of the catalogue.
     *
     * @param status HTTP status, 0 for none
     */
    public record Read(Instant endedAt, long tookMillis, int status) {

        /** Whether it was answered, and not with a fault of the platform. */
        public boolean served() {
            return status != 0 && status < 500;
        }
    }

    private record Line(
            String key,
            UUID film,
            int quantity,
            long totalMinor,
            String paymentMethod,
            Instant invokedAt,
            Attempt.Outcome outcome,
            @Nullable UUID orderId,
            List<Try> tries) {}
}

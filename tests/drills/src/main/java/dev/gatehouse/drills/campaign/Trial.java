package dev.gatehouse.drills.campaign;

import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.drills.check.Checker;
import dev.gatehouse.drills.check.Findings;
import dev.gatehouse.drills.check.Stores;
import dev.gatehouse.drills.check.Tap;
import dev.gatehouse.drills.load.Attempt;
import dev.gatehouse.drills.load.Attempt.Try;
import dev.gatehouse.drills.load.Load;
import dev.gatehouse.drills.load.Load.Mix;
import dev.gatehouse.drills.load.Shop;
import dev.gatehouse.drills.load.Shop.Film;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a drill: the platform under load, the faults made so far, and at the end the verdict. */
public final class Trial {

    private static final Logger log = LoggerFactory.getLogger(Trial.class);

    /** How long the last orders may take to come to their end. */
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(3);

    /** How long a message that the broker has may take to the drill's own queue. */
    private static final Duration ARRIVAL_LIMIT = Duration.ofSeconds(20);

    private final Drill drill;
    private final Staged staged;
    private final Pace pace;
    private final Shop shop;
    private final List<Film> films;
    private final Tap tap;
    private final Load load;
    private final Random random;
    private final Instant begun = Instant.now();
    private final List<Injection> injections = new ArrayList<>();
    private final Map<String, String> notes = new TreeMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Thread watch;
    private volatile boolean watching = true;
    private volatile long maxBacklog;

    Trial(Drill drill, Staged staged, Pace pace) throws Exception {
        this.drill = drill;
        this.staged = staged;
        this.pace = pace;
        this.random = new Random(pace.seed());
        this.shop = new Shop(staged.platform());
        // Plenty of most films, and one that does not last.
        this.films = shop.stock(drill.name(), 900_000, 900_000, 900_000, 60);
        this.tap = new Tap(staged.platform().broker());
        this.load = Load.start(shop, films, Mix.USUAL, pace.seed(), pace.ordersPerSecond(), pace.readsPerSecond());
        this.watch = Thread.ofPlatform().daemon().name("watch").start(this::watch);
    }

    public Platform platform() {
        return staged.platform();
    }

    /** The platform with the instruments of its stage. */
    public Staged staged() {
        return staged;
    }

    public Stores stores() {
        return staged.stores();
    }

    public Shop shop() {
        return shop;
    }

    public Load load() {
        return load;
    }

    public List<Film> films() {
        return films;
    }

    /** The drill's own chance, the same for the same seed. */
    public Random random() {
        return random;
    }

    /** The rate of the load unless the drill changes it. */
    public double usualOrdersPerSecond() {
        return pace.ordersPerSecond();
    }

    /** Lets the load go on, longer at a thorough pace. */
    public void steady(Duration time) throws InterruptedException {
        Thread.sleep(pace.stretched(time));
    }

    /**
     * Lets the load go on until every copy of the service takes requests.
     *
     * @throws IllegalStateException if one does not within three minutes
     */
    public void awaitReady(Service service) throws InterruptedException {
        staged.awaitReady(service);
    }

    /** How many times a fault is repeated at this pace. */
    public int times(int usual) {
        return Math.max(1, (int) Math.round(usual * pace.repeats()));
    }

    /** Makes a fault, lets the load go on, and heals it. */
    public void inject(String what, Step fault, Duration hold, Step heal) throws Exception {
        Instant from = Instant.now();
        log.info("{}: {}", drill.name(), what);
        fault.run();
        Thread.sleep(hold);
        heal.run();
        injections.add(new Injection(what, from, Instant.now()));
    }

    /** Makes a fault that the platform mends by itself; its recovery counts from the fault. */
    public void inject(String what, Step fault) throws Exception {
        Instant from = Instant.now();
        log.info("{}: {}", drill.name(), what);
        fault.run();
        injections.add(new Injection(what, from, from));
    }

    /** A figure for the report. */
    public void note(String name, Object value) {
        notes.put(name, String.valueOf(value));
    }

    /** A promise of this drill beside the usual ones. */
    public void require(String promise, boolean kept) {
        if (!kept) {
            complaints.add("not kept: " + promise);
        }
    }

    /** Something that is done to the platform. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    Result finish(Path history, String code) throws Exception {
        load.stop();
        Instant stopped = Instant.now();
        boolean drained = drain();
        long drain = Duration.between(stopped, Instant.now()).toMillis();
        watching = false;
        watch.join();
        if (!drained) {
            complaints.add("orders or messages were still at work after " + DRAIN_LIMIT.toSeconds() + " s");
        }
        Findings findings = Checker.check(
                load.attempts(),
                films,
                stores().records(films.stream().map(Film::id).toList()),
                staged.platform().payments().journal(),
                undelivered());
        note("messages delivered twice", tap.repeats());
        load.write(history);
        judge(findings);
        List<Try> tries = load.attempts().stream()
                .flatMap(attempt -> attempt.tries().stream())
                .toList();
        List<Long> times = tries.stream().map(Try::tookMillis).sorted().toList();
        Result result = new Result(
                drill.name(),
                drill.fault(),
                begun,
                code,
                staged.platform().broker().kind(),
                pace.seed(),
                pace.ordersPerSecond(),
                Duration.between(begun, Instant.now()).toMillis() / 1000.0,
                injections.size(),
                findings,
                tries.size(),
                (int) tries.stream().filter(each -> !each.served()).count(),
                load.reads().size(),
                (int) load.reads().stream().filter(read -> !read.served()).count(),
                percentile(times, 0.5),
                percentile(times, 0.99),
                recoveries(tries),
                flows(),
                drain,
                maxBacklog,
                drill.bounds().mustFail(),
                notes,
                complaints);
        tap.close();
        shop.close();
        return result;
    }

    private void judge(Findings findings) {
        if (drill.bounds().mustFail()) {
            // What it breaks may be a promise of the drill itself.
            boolean seen = !findings.clean() || !complaints.isEmpty();
            note(
                    "seen",
                    Stream.concat(findings.violations().stream(), complaints.stream())
                            .findFirst()
                            .orElse("nothing"));
            complaints.clear();
            if (!seen) {
                complaints.add("the checker saw nothing wrong: it cannot be trusted");
            }
            return;
        }
        complaints.addAll(findings.violations());
        if (findings.acknowledged() == 0) {
            complaints.add("no order was acknowledged: nothing was shown");
        }
        List<Try> tries = load.attempts().stream()
                .flatMap(attempt -> attempt.tries().stream())
                .toList();
        Duration bound = drill.bounds().recovery();
        Long slowest = Result.largest(recoveries(tries));
        if (bound != null && slowest != null && slowest > bound.toMillis()) {
            complaints.add("customers waited " + slowest + " ms for their recovery, " + bound.toMillis() + " allowed");
        }
        Long flow = Result.largest(flows());
        if (bound != null && flow != null && flow > bound.toMillis()) {
            complaints.add("orders stood still for " + flow + " ms, " + bound.toMillis() + " allowed");
        }
        Integer allowed = drill.bounds().failedRequests();
        if (allowed != null) {
            long failed = tries.stream().filter(each -> !each.served()).count()
                    + load.reads().stream().filter(read -> !read.served()).count();
            if (failed > allowed) {
                complaints.add(failed + " requests failed, " + allowed + " allowed");
            }
        }
    }

    /** For each injection: from its end to the last failed request before the next one. */
    private List<Long> recoveries(List<Try> tries) {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < injections.size(); i++) {
            Instant from = injections.get(i).healed();
            Instant to = i + 1 < injections.size() ? injections.get(i + 1).begun() : Instant.MAX;
            all.add(tries.stream()
                    .filter(each -> !each.served())
                    .map(Try::endedAt)
                    .filter(at -> at.isAfter(from) && at.isBefore(to))
                    .mapToLong(at -> Duration.between(from, at).toMillis())
                    .max()
                    .orElse(0));
        }
        return all;
    }

    /** For each injection: from its end to the first order that came to be confirmed. */
    private List<Long> flows() {
        List<Instant> confirmed =
                stores().confirmations(films.stream().map(Film::id).toList());
        List<Long> all = new ArrayList<>();
        for (Injection injection : injections) {
            confirmed.stream()
                    .filter(at -> at.isAfter(injection.healed()))
                    .findFirst()
                    .ifPresent(at ->
                            all.add(Duration.between(injection.healed(), at).toMillis()));
        }
        return all;
    }

    /** Messages that billing has marked as sent and that are not there, though they had time to arrive. */
    private List<UUID> undelivered() throws InterruptedException {
        List<UUID> missing = stores().sentMessages(films.stream().map(Film::id).toList());
        Instant end = Instant.now().plus(ARRIVAL_LIMIT);
        while (true) {
            missing = missing.stream().filter(message -> !tap.has(message)).toList();
            if (missing.isEmpty() || Instant.now().isAfter(end)) {
                return missing;
            }
            Thread.sleep(100);
        }
    }

    private boolean drain() throws InterruptedException {
        Instant end = Instant.now().plus(DRAIN_LIMIT);
        while (Instant.now().isBefore(end)) {
            try {
                if (stores().ordersAtWork() == 0 && stores().unsent() == 0) {
                    return true;
                }
            } catch (Stores.Unreadable notYet) {
                log.info("{}: the stores cannot be read yet: {}", drill.name(), notYet.getMessage());
            }
            Thread.sleep(200);
        }
        return false;
    }

    /** What must hold at every moment, not only at the end. */
    private void watch() {
        while (watching) {
            try {
                maxBacklog = Math.max(maxBacklog, stores().unsent());
                long sum = stores().ledgerSum();
                if (sum != 0) {
                    complaints.add("at " + Instant.now() + " the ledger summed to " + sum);
                }
            } catch (Stores.Unreadable away) {
                // The fault may be just this.
            }
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static long percentile(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }

    /** Messages that arrived more than once so far. */
    public int repeatedMessages() {
        return tap.repeats();
    }

    /** Orders acknowledged so far. */
    public List<UUID> acknowledged() {
        return load.attempts().stream()
                .map(Attempt::orderId)
                .filter(java.util.Objects::nonNull)
                .map(java.util.Objects::requireNonNull)
                .toList();
    }

    private record Injection(String what, Instant begun, Instant healed) {}
}

package dev.gatehouse.billing.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread runs at a time. At each point the seed decides who goes on, who is killed or stands still; when nobody can
 * go on the clock jumps to the next moment at which somebody can. Same seed, same history.
 */
public final class Simulation {

    /** Milliseconds since 1970; any moment would do. */
    static final long BEGINNING = 1_767_225_600_000L;

    private static final long STUCK_NANOS = 60_000_000_000L;
    private static final int MOST_FAULTS = 40;
    private static final double SELDOM_KILLED = 0.08;
    private static final int MOST_TRACED = 100_000;

    private final Chance schedule;
    private final Chance faults;
    private final Profile profile;
    private final Set<Integer> withoutFaults;
    private final List<String> trace;
    private final boolean recording;
    private final Thread driver = Thread.currentThread();
    private final List<Actor> actors = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Runnable> onCrash = new ArrayList<>();
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private final int[] passed = new int[Points.COUNT];
    private final int[] killed = new int[Points.COUNT];

    private volatile @Nullable Actor current;
    private @Nullable Throwable failure;
    private long now = BEGINNING;
    private long timerNumber;
    private long steps;
    private long stepLimit;
    private long timeLimit;
    private int faultNumber;
    private int fatalPasses;
    private boolean faulty = true;
    private long hash = 1;

    /** @param withoutFaults numbers of faults that do not happen this time, to find those that matter */
    Simulation(long seed, Set<Integer> withoutFaults, boolean recording) {
        Chance chance = new Chance(seed);
        this.schedule = chance.fork();
        this.faults = chance.fork();
        this.profile = Profile.of(chance.fork());
        this.withoutFaults = withoutFaults;
        this.recording = recording;
        this.trace = recording ? new ArrayList<>() : Collections.emptyList();
    }

    // ---- what stand-ins and models use

    public long now() {
        return now;
    }

    Chance chance() {
        return schedule;
    }

    /** As the worker spreads its pauses, from the seed. */
    public double spread() {
        return 0.8 + 0.4 * schedule.fraction();
    }

    Actor current() {
        Actor actor = current;
        if (actor == null || actor.thread != Thread.currentThread()) {
            throw new IllegalStateException("Nobody's turn");
        }
        return actor;
    }

    /** A place where others may go on, and where this instance may be killed. */
    public void point(String point) {
        Actor me = current();
        dieIfDoomed(me);
        int number = Points.number(point);
        now++;
        note(point, "");
        Instance instance = me.instance;
        if (instance != null && faulty) {
            passed[number]++;
            boolean fatal = number == profile.fatalPoint() && ++fatalPasses == profile.fatalPass();
            if (Points.isSeldom(point) && faultNumber < MOST_FAULTS && faults.happens(SELDOM_KILLED)) {
                fatal = true;
            }
            if (fatal && happensNow(Fault.INSTANCE_KILLED) || happens(Fault.INSTANCE_KILLED)) {
                killed[number]++;
                kill(instance);
            } else if (happens(Fault.INSTANCE_PAUSED)) {
                pause(instance, schedule.between(500, 40_000));
            } else if (happens(Fault.THREAD_STALLED)) {
                long until = now + schedule.between(500, 40_000);
                waitFor(Actor.NEVER, () -> until);
                return;
            }
        }
        me.ready = () -> true;
        turnOver(me);
    }

    /** Stands still until the condition holds or the time has come, whichever is first; whether the condition holds. */
    public boolean waitFor(BooleanSupplier condition, LongSupplier until) {
        Actor me = current();
        dieIfDoomed(me);
        me.ready = condition;
        me.until = until;
        turnOver(me);
        return condition.getAsBoolean();
    }

    public void sleep(long millis) {
        long until = now + millis;
        waitFor(Actor.NEVER, () -> until);
    }

    /** Whether the fault happens here. */
    boolean happens(Fault fault) {
        if (!faulty
                || faultNumber >= MOST_FAULTS
                || !faults.happens(profile.likelihoods().getOrDefault(fault, 0.0))) {
            return false;
        }
        return happensNow(fault);
    }

    private boolean happensNow(Fault fault) {
        int number = faultNumber++;
        if (withoutFaults.contains(number)) {
            return false;
        }
        injected.merge(fault, 1, Integer::sum);
        note("FAULT " + number, fault.name());
        return true;
    }

    /** Something that happens by itself, in nobody's thread and without a pause. */
    void after(long millis, Runnable event) {
        timers.add(new Timer(now + millis, timerNumber++, event));
    }

    /**
     * A call over the network: the effect may come late and the answer never.
     *
     * @param effect what the other side does; whatever it throws is its answer
     * @param lost what the caller makes of having no answer
     */
    <T> T call(
            String name,
            long timeoutMillis,
            boolean keyed,
            Supplier<T> effect,
            Supplier<RuntimeException> lost,
            Runnable rememberError) {
        point("before " + name);
        boolean refused = happens(Fault.CALL_REFUSED);
        boolean late = happens(Fault.CALL_ARRIVES_LATE);
        boolean wrong = happens(Fault.CALL_ANSWERED_WRONGLY);
        boolean remembered = keyed && happens(Fault.CALL_ERROR_REMEMBERED);
        boolean unanswered = happens(Fault.CALL_ANSWER_LOST);
        Reply<T> reply = new Reply<>();
        String caller = current().name;
        after(late ? schedule.between(timeoutMillis, timeoutMillis + 60_000) : schedule.between(1, 30), () -> {
            if (refused) {
                reply.failure = lost.get();
            } else {
                try {
                    reply.value = effect.get();
                    note(name, "has its effect for " + caller);
                } catch (RuntimeException answer) {
                    reply.failure = answer;
                    note(name, answer.getClass().getSimpleName() + " for " + caller);
                }
                if (remembered) {
                    rememberError.run();
                }
                if (wrong || remembered) {
                    reply.failure = lost.get();
                }
            }
            if (!unanswered) {
                after(schedule.between(1, 30), () -> reply.arrived = true);
            }
        });
        long timeout = now + timeoutMillis;
        boolean arrived = waitFor(() -> reply.arrived, () -> timeout);
        point("after " + name);
        if (!arrived) {
            throw lost.get();
        }
        if (reply.failure != null) {
            throw reply.failure;
        }
        return Objects.requireNonNull(reply.value);
    }

    void note(String what, String detail) {
        Actor me = current;
        hash = hash * 31 + (me == null ? 7 : me.nameHash);
        hash = hash * 31 + what.hashCode();
        hash = hash * 31 + detail.hashCode();
        hash = hash * 31 + now;
        if (recording && trace.size() < MOST_TRACED) {
            trace.add("%10.3f  %-22s %s%s"
                    .formatted(
                            (now - BEGINNING) / 1000.0,
                            me == null ? "-" : me.name,
                            what,
                            detail.isEmpty() ? "" : " " + detail));
        }
    }

    // ---- what the history's driver uses

    void spawn(String name, @Nullable Instance instance, Runnable work) {
        Actor actor = new Actor(name, instance);
        actor.thread = Thread.ofVirtual().unstarted(() -> live(actor, work));
        actors.add(actor);
    }

    /** Called with every killed instance's threads still in place. */
    void onCrash(Runnable action) {
        onCrash.add(action);
    }

    /** Lets everybody run until nobody can any more, or a limit is reached; whether nobody can. */
    boolean run(long atMostSteps, long atMostMillis) {
        stepLimit = steps + atMostSteps;
        timeLimit = atMostMillis == Long.MAX_VALUE ? Long.MAX_VALUE : now + atMostMillis;
        Actor first = pick();
        if (first != null) {
            pass(first);
            awaitEverybody();
        }
        if (failure instanceof Violation violation) {
            throw violation;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return timers.isEmpty() && actors.stream().allMatch(actor -> actor.next() == Long.MAX_VALUE);
    }

    private void awaitEverybody() {
        long seen = steps;
        long seenAt = System.nanoTime();
        while (current != null) {
            LockSupport.parkNanos(STUCK_NANOS);
            if (steps != seen) {
                seen = steps;
                seenAt = System.nanoTime();
            } else if (System.nanoTime() - seenAt > STUCK_NANOS) {
                throw new IllegalStateException("Somebody waits for something real: " + current);
            }
        }
    }

    /** From here on nothing goes wrong any more. */
    void heal() {
        faulty = false;
        actors.forEach(actor -> {
            if (actor.instance != null) {
                actor.instance.pausedUntil = Math.min(actor.instance.pausedUntil, now);
            }
        });
        note("HEALED", "");
    }

    void advance(long millis) {
        now += millis;
    }

    /** Ends all threads that are left, in their turn. */
    void end() {
        faulty = false;
        failure = null;
        actors.forEach(actor -> {
            if (actor.transaction != null) {
                actor.transaction.rollback();
            }
            actor.doomed = true;
        });
        timers.clear();
        run(Long.MAX_VALUE - steps, Long.MAX_VALUE);
        failure = null;
    }

    boolean healed() {
        return !faulty;
    }

    long hash() {
        return hash;
    }

    long steps() {
        return steps;
    }

    List<String> trace() {
        return trace;
    }

    Map<Fault, Integer> injected() {
        return injected;
    }

    int faultCount() {
        return faultNumber;
    }

    int[] passed() {
        return passed;
    }

    int[] killed() {
        return killed;
    }

    void kill(Instance instance) {
        note("KILLED", instance.name);
        instance.alive = false;
        instance.pausedUntil = 0;
        for (Actor actor : actors) {
            if (actor.instance == instance) {
                if (actor.transaction != null) {
                    actor.transaction.rollback();
                }
                actor.doomed = true;
            }
        }
        onCrash.forEach(Runnable::run);
    }

    private void pause(Instance instance, long millis) {
        note("PAUSED", instance.name);
        instance.pausedUntil = now + millis;
    }

    // ---- the baton

    private void live(Actor me, Runnable work) {
        try {
            awaitTurn(me);
            dieIfDoomed(me);
            work.run();
        } catch (Crashed crashed) {
            // As it should be.
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e instanceof Violation ? e : new IllegalStateException(me.name + " has ended by " + e, e);
            }
        }
        actors.remove(me);
        hand(failure == null ? next() : null);
    }

    private void turnOver(Actor me) {
        Actor next = failure == null ? next() : null;
        if (next != me) {
            hand(next);
            awaitTurn(me);
        }
        dieIfDoomed(me);
    }

    private @Nullable Actor next() {
        try {
            return pick();
        } catch (RuntimeException | Error e) {
            failure = e;
            return null;
        }
    }

    private void hand(@Nullable Actor next) {
        if (next == null) {
            current = null;
            LockSupport.unpark(driver);
        } else {
            pass(next);
        }
    }

    private void pass(Actor next) {
        current = next;
        Thread thread = Objects.requireNonNull(next.thread);
        if (next.started) {
            LockSupport.unpark(thread);
        } else {
            next.started = true;
            thread.start();
        }
    }

    private void awaitTurn(Actor me) {
        while (current != me) {
            LockSupport.park();
        }
    }

    private static void dieIfDoomed(Actor me) {
        if (me.doomed) {
            throw new Crashed();
        }
    }

    /** Who goes on; nobody when a limit is reached or nothing will ever happen again. */
    private @Nullable Actor pick() {
        if (++steps >= stepLimit) {
            return null;
        }
        while (true) {
            runTimers();
            Actor chosen = null;
            int candidates = 0;
            for (int i = 0; i < actors.size(); i++) {
                Actor actor = actors.get(i);
                if (actor.doomed) {
                    return actor;
                }
                if (actor.canRun(now) && schedule.below(++candidates) == 0) {
                    chosen = actor;
                }
            }
            if (chosen != null) {

                return chosen;
            }
            long next = timers.isEmpty() ? Long.MAX_VALUE : timers.peek().at();
            for (Actor actor : actors) {
                next = Math.min(next, actor.next());
            }
            if (next == Long.MAX_VALUE || next > timeLimit) {
                return null;
            }
            now = Math.max(now, next);
        }
    }

    private void runTimers() {
        while (!timers.isEmpty() && timers.peek().at() <= now) {
            timers.poll().event().run();
        }
    }

    private record Timer(long at, long number, Runnable event) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private static final class Reply<T> {
        @Nullable
        T value;

        @Nullable
        RuntimeException failure;

        boolean arrived;
    }
}

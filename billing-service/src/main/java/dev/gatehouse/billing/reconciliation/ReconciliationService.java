package dev.gatehouse.billing.reconciliation;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.gatehouse.billing.inventory.InventoryClient;
import dev.gatehouse.billing.inventory.Reservation;
import dev.gatehouse.billing.inventory.ReservationState;
import dev.gatehouse.billing.payment.ProviderPayment;
import dev.gatehouse.billing.payment.ProviderRecords;
import dev.gatehouse.billing.payment.ProviderRefund;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Holds our books against the provider and the stock, from time to time and when asked. It reads and reports; putting right
 * is for people.
 *
 * <p>The provider is listed before our books are read, and what changed within the grace period is left for the next time:
 * so nothing that moves meanwhile looks like a difference.
 */
@Service
public class ReconciliationService {

    private static final Logger log = LoggerFactory.getLogger(ReconciliationService.class);
    private static final int MOST_KEPT = 10_000;
    private static final int ORDERS_A_QUESTION = 100;

    private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();
    private final Reconciliations reconciliations;
    private final Differences differences;
    private final Books books;
    private final ProviderRecords provider;
    private final InventoryClient inventory;
    private final ReconciliationProperties properties;
    private final TransactionTemplate transaction;
    private final TransactionTemplate snapshot;
    private final MeterRegistry meters;
    private volatile Map<DifferenceKind, Long> latest = Map.of();
    private volatile double age;

    ReconciliationService(
            Reconciliations reconciliations,
            Differences differences,
            Books books,
            ProviderRecords provider,
            InventoryClient inventory,
            ReconciliationProperties properties,
            PlatformTransactionManager transactions,
            MeterRegistry meters) {
        this.reconciliations = reconciliations;
        this.differences = differences;
        this.books = books;
        this.provider = provider;
        this.inventory = inventory;
        this.properties = properties;
        this.transaction = new TransactionTemplate(transactions);
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
        this.meters = meters;
        for (DifferenceKind kind : DifferenceKind.values()) {
            Gauge.builder("reconciliation.differences", () -> latest.getOrDefault(kind, 0L))
                    .tag("kind", kind.word())
                    .description("Differences that the latest reconciliation found")
                    .register(meters);
        }
        Gauge.builder("reconciliation.age", () -> age)
                .baseUnit("seconds")
                .description("Time since a reconciliation came to its end")
                .register(meters);
    }

    /**
     * Compares now.
     *
     * @param requestedBy the operator's subject
     * @throws ReconciliationRunning when somebody does already
     * @throws ReconciliationFailed when the provider, inventory or the database does not answer
     */
    public ReconciliationReport reconcile(String requestedBy) {
        return reconcile(requestedBy, Duration.ZERO).orElseThrow(ReconciliationRunning::new);
    }

    private Optional<ReconciliationReport> reconcile(@Nullable String requestedBy, Duration notBefore) {
        UUID token = UUID.randomUUID();
        if (!reconciliations.take(token, properties.lease(), notBefore)) {
            return Optional.empty();
        }
        try {
            return Optional.of(run(ids.generate(), requestedBy));
        } finally {
            reconciliations.giveBack(token);
        }
    }

    private ReconciliationReport run(UUID id, @Nullable String requestedBy) {
        Instant to = books.now();
        Instant from = to.minus(properties.window());
        reconciliations.begin(id, requestedBy, from, to);
        try {
            Found found = compare(from, to);
            transaction.executeWithoutResult(status -> {
                found.differences().stream().limit(MOST_KEPT).forEach(difference -> differences.add(id, difference));
                int noted = differences.adopt(id);
                reconciliations.finish(
                        id,
                        found.orders(),
                        found.payments(),
                        found.differences().size() + noted);
            });
        } catch (RuntimeException failed) {
            meters.counter("reconciliation.runs", "outcome", "failed").increment();
            log.warn("Reconciliation {} could not compare everything", id, failed);
            throw failed(id, failed);
        }
        ReconciliationReport report = report(id);
        tell(report);
        measure();
        return report;
    }

    private ReconciliationFailed failed(UUID id, RuntimeException cause) {
        try {
            reconciliations.fail(id, excerpt(cause));
        } catch (DataAccessException away) {
            cause.addSuppressed(away);
        }
        return new ReconciliationFailed(id, cause);
    }

    private void tell(ReconciliationReport report) {
        if (report.differenceCount() == 0) {
            meters.counter("reconciliation.runs", "outcome", "agreed").increment();
            log.info("Reconciliation {} of {} orders found no difference", report.id(), report.orders());
            return;
        }
        meters.counter("reconciliation.runs", "outcome", "differed").increment();
        Map<DifferenceKind, Long> counts = new EnumMap<>(DifferenceKind.class);
        report.differences().forEach(difference -> counts.merge(difference.kind(), 1L, Long::sum));
        log.error(
                "Reconciliation {} of {} orders found {} differences: {}",
                report.id(),
                report.orders(),
                report.differenceCount(),
                counts);
    }

    private Found compare(Instant from, Instant to) {
        List<ProviderPayment> payments = provider.paymentsBetween(from, to);
        List<ProviderRefund> refunds = provider.refundsBetween(from, to);
        Ours ours = Objects.requireNonNull(snapshot.execute(status -> read(from, to, payments, refunds)));
        Map<UUID, List<ProviderPayment>> theirs = payments.stream()
                .filter(payment -> payment.orderId() != null)
                .collect(Collectors.groupingBy(payment -> Objects.requireNonNull(payment.orderId())));
        Map<UUID, Reservation.State> stock = stock(ours.orders());
        List<Difference> found = new ArrayList<>(ours.differences());
        for (BookedOrder order : ours.orders()) {
            found.addAll(Comparison.of(
                    order, withOurs(order, theirs.getOrDefault(order.id(), List.of())), stock.get(order.id())));
        }
        return new Found(ours.orders().size(), payments.size(), found);
    }

    /** Everything we know, of one moment. */
    private Ours read(Instant from, Instant to, List<ProviderPayment> payments, List<ProviderRefund> refunds) {
        Instant quietSince = to.minus(properties.grace());
        Set<UUID> named = payments.stream()
                .map(ProviderPayment::orderId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<Difference> found = new ArrayList<>(books.unbalanced(from));
        found.addAll(books.stuckRefunds(quietSince));
        found.addAll(unknownPayments(payments, books.known(named)));
        found.addAll(unknownRefunds(refunds, books.known(refunds)));
        return new Ours(books.orders(from, quietSince, named), found);
    }

    /** An intent is written before the provider is asked, so what is unknown was never ours. */
    private static List<Difference> unknownPayments(List<ProviderPayment> payments, Set<UUID> known) {
        return payments.stream()
                .filter(payment -> payment.orderId() == null || !known.contains(payment.orderId()))
                .filter(payment -> payment.status() == ProviderPayment.Status.AUTHORIZED
                        || payment.status() == ProviderPayment.Status.PENDING
                        || payment.captured().amountMinor() > payment.refunded().amountMinor())
                .map(payment -> Difference.of(
                        DifferenceKind.UNKNOWN_TO_US,
                        payment.orderId(),
                        payment.id(),
                        "no payment",
                        payment.amount() + " " + payment.status()))
                .toList();
    }

    private static List<Difference> unknownRefunds(List<ProviderRefund> refunds, Set<String> known) {
        return refunds.stream()
                .filter(refund -> refund.status() != ProviderRefund.Status.FAILED && !known.contains(refund.id()))
                .map(refund -> Difference.of(
                        DifferenceKind.REFUND_UNKNOWN_TO_US,
                        null,
                        refund.paymentId(),
                        "no refund",
                        refund.amount() + " with " + refund.id()))
                .toList();
    }

    /** The payments listed, and ours if it is so old that it was not. */
    private List<ProviderPayment> withOurs(BookedOrder order, List<ProviderPayment> listed) {
        BookedOrder.BookedPayment ours = order.payment();
        String id = ours == null || !ours.isAtProvider() ? null : ours.providerPaymentId();
        if (id == null || listed.stream().anyMatch(payment -> payment.id().equals(id))) {
            return listed;
        }
        List<ProviderPayment> all = new ArrayList<>(listed);
        provider.lookUp(id).ifPresent(all::add);
        return all;
    }

    private Map<UUID, Reservation.State> stock(List<BookedOrder> orders) {
        Map<UUID, Reservation.State> states = new HashMap<>();
        for (int start = 0; start < orders.size(); start += ORDERS_A_QUESTION) {
            List<UUID> asked = orders.subList(start, Math.min(orders.size(), start + ORDERS_A_QUESTION)).stream()
                    .map(BookedOrder::id)
                    .toList();
            for (ReservationState state : inventory.reservations(asked)) {
                states.put(state.orderId(), state.state());
            }
        }
        return states;
    }

    /** @throws ReconciliationNotFound when there is none, or no longer */
    @Transactional(readOnly = true)
    public ReconciliationReport report(UUID id) {
        return reconciliations.find(id, differences.of(id)).orElseThrow(() -> new ReconciliationNotFound(id));
    }

    /** The newest reports, without their differences. */
    @Transactional(readOnly = true)
    public List<ReconciliationReport> newest(int atMost) {
        return reconciliations.newest(atMost);
    }

    @Scheduled(initialDelayString = "PT10S", fixedDelayString = "PT10S")
    void reconcileWhenItIsTime() {
        try {
            reconcile(null, properties.interval());
            measure();
        } catch (ReconciliationFailed | DataAccessException later) {
            log.debug("no comparison this time", later);
        }
    }

    @Scheduled(initialDelayString = "PT3M", fixedDelayString = "PT1H")
    void sweep() {
        try {
            reconciliations.sweep(properties.retention());
        } catch (DataAccessException away) {
            log.warn("Old reconciliations stay until the next sweep: {}", away.toString());
        }
    }

    /** Every instance shows what whichever of them found. */
    private void measure() {
        latest = reconciliations.latestCounts();
        age = reconciliations.age();
    }

    private static String excerpt(Throwable error) {
        String text = error.getClass().getSimpleName() + ": " + error.getMessage();
        return text.length() > 500 ? text.substring(0, 500) : text;
    }

    private record Ours(List<BookedOrder> orders, List<Difference> differences) {}

    private record Found(int orders, int payments, List<Difference> differences) {}
}

package dev.gatehouse.inventory.stock;

import dev.gatehouse.inventory.catalogue.CatalogueService;
import dev.gatehouse.inventory.catalogue.Film;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Holds copies for orders. Each call may be repeated, and may arrive before the one it follows: a release that comes first
 * leaves a tombstone which the late reservation finds.
 *
 * <p>Locks are taken in one order everywhere: the order's row, then the stock rows by film id.
 */
@Service
public class ReservationService {

    private static final Logger log = LoggerFactory.getLogger(ReservationService.class);

    private final Reservations reservations;
    private final StockLevels levels;
    private final CatalogueService catalogue;
    private final MeterRegistry meters;

    ReservationService(
            Reservations reservations, StockLevels levels, CatalogueService catalogue, MeterRegistry meters) {
        this.reservations = reservations;
        this.levels = levels;
        this.catalogue = catalogue;
        this.meters = meters;
    }

    /**
     * The answer to a reservation.
     *
     * @param first false when the order had one already, in whatever state that is now
     */
    public record Reserved(Reservation reservation, boolean first) {}

    /**
     * Holds all lines or none.
     *
     * @throws UnknownFilm when a film is not in the catalogue
     * @throws InsufficientStock naming each film that there is too little of
     * @throws ReservationConflict when the order's reservation was made with other lines
     */
    @Transactional
    public Reserved reserve(ReservationRequest request) {
        if (!reservations.open(request.orderId(), request.holdFor())) {
            Reservation known = existing(request.orderId());
            known.repeat(request);
            return new Reserved(known, false);
        }
        List<ReservationLine> lines = priced(request);
        holdAll(request, lines);
        Reservation reservation = existing(request.orderId());
        reservation.hold(lines);
        changed(reservation);
        return new Reserved(reservation, true);
    }

    private List<ReservationLine> priced(ReservationRequest request) {
        Map<UUID, Film> films = catalogue.current(request.quantities().keySet()).stream()
                .collect(Collectors.toMap(Film::id, Function.identity()));
        List<ReservationLine> priced = new ArrayList<>();
        List<UnknownFilm.Line> unknown = new ArrayList<>();
        for (int i = 0; i < request.lines().size(); i++) {
            ReservationRequest.Line line = request.lines().get(i);
            Film film = films.get(line.filmId());
            if (film == null) {
                unknown.add(new UnknownFilm.Line("lines[" + i + "].filmId", line.filmId()));
            } else {
                priced.add(new ReservationLine(
                        line.filmId(),
                        line.quantity(),
                        film.details().title(),
                        film.details().price().amountMinor(),
                        film.details().price().currency()));
            }
        }
        if (!unknown.isEmpty()) {
            count("unknown-film");
            throw new UnknownFilm(unknown);
        }
        return priced;
    }

    private void holdAll(ReservationRequest request, List<ReservationLine> lines) {
        List<UUID> asked =
                request.lines().stream().map(ReservationRequest.Line::filmId).toList();
        List<InsufficientStock.Shortage> shortages = new ArrayList<>();
        lines.stream()
                .sorted(Comparator.comparing(ReservationLine::filmId, Reservation.LOCK_ORDER))
                .filter(line -> !levels.hold(line.filmId(), line.quantity()))
                .forEach(line -> shortages.add(new InsufficientStock.Shortage(
                        "lines[" + asked.indexOf(line.filmId()) + "].quantity",
                        line.filmId(),
                        line.quantity(),
                        levels.find(line.filmId()).map(StockLevel::available).orElse(0L))));
        if (!shortages.isEmpty()) {
            count("insufficient-stock");
            // Rolls back what the other lines took, and the order's row.
            throw new InsufficientStock(shortages);
        }
    }

    /**
     * Sells the held copies. A reservation past its time can still be confirmed as long as nobody gave its copies back:
     * they are there.
     *
     * @throws ReservationNotFound when there is none
     * @throws ReservationConflict when it was given back
     */
    @Transactional
    public Reservation confirm(UUID orderId) {
        Reservation reservation = existing(orderId);
        if (reservation.confirm()) {
            levels.handOver(reservation.lines());
            changed(reservation);
        }
        return reservation;
    }

    /**
     * Gives the held copies back; without a reservation, sees to it that there never will be one.
     *
     * @throws ReservationConflict when it was confirmed
     */
    @Transactional
    public Reservation release(UUID orderId) {
        boolean buried = reservations.bury(orderId);
        Reservation reservation = existing(orderId);
        if (buried) {
            changed(reservation);
        } else if (reservation.release()) {
            levels.giveBack(reservation.lines());
            changed(reservation);
        }
        return reservation;
    }

    /** @throws ReservationNotFound when there is none */
    @Transactional
    public Reservation reservation(UUID orderId) {
        return reservations.find(orderId).orElseThrow(() -> new ReservationNotFound(orderId));
    }

    /** Those of the orders that have one, by order id; read where they are written, so never older than an answer given. */
    @Transactional
    public List<Reservation> reservations(Collection<UUID> orderIds) {
        return reservations.find(orderIds);
    }

    /** @return whether there was one whose time is over; another instance's is left to it */
    @Transactional
    public boolean expireOne() {
        return reservations
                .lockOneDue()
                .map(reservation -> {
                    reservation.expire();
                    levels.giveBack(reservation.lines());
                    changed(reservation);
                    return true;
                })
                .orElse(false);
    }

    private Reservation existing(UUID orderId) {
        return reservations.locked(orderId).orElseThrow(() -> new ReservationNotFound(orderId));
    }

    private void changed(Reservation reservation) {
        log.info(
                "reservation {} order={} lines={}",
                reservation.state(),
                reservation.orderId(),
                reservation.lines().size());
        count(reservation.state().name().toLowerCase(Locale.ROOT));
    }

    private void count(String outcome) {
        meters.counter("inventory.reservations", "outcome", outcome).increment();
    }
}

package io.freshet.demo.shop;

import io.freshet.demo.shop.Assortment.ShopItem;
import io.freshet.demo.shop.Crowd.Shopper;
import io.freshet.demo.shop.Shop.Session;
import io.freshet.demo.shop.ShopRecord.Fault;
import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The records of a generated shop in order of arrival, without end: first its catalog, then what
 * happens. See the package's description for what it imitates. Not thread-safe.
 */
public final class ShopGenerator implements Iterator<ShopRecord> {

    private static final long STEP_MILLIS = Duration.ofMinutes(2).toMillis();
    private static final double WEEK_MILLIS = Duration.ofDays(7).toMillis();

    private final SplittableRandom random;
    private final ShopSettings settings;
    private final Shop shop;
    private final Mishaps mishaps;
    private final Reactions reactions;
    private final double meanSessionGap;
    private final PriorityQueue<Session> sessions =
            new PriorityQueue<>(
                    Comparator.comparingLong(Session::next)
                            .thenComparing(session -> session.shopper().id));
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(
                    Comparator.comparingLong((Arrival arrival) -> arrival.record().arrival())
                            .thenComparingLong(Arrival::number));

    private long nextHour;
    private long nextSession;
    private long events;
    private long numbered;

    /** A record on its way; the number keeps records of one time in order. */
    private record Arrival(ShopRecord record, long number) {}

    public ShopGenerator(ShopSettings settings) {
        this.settings = settings;
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        long start = settings.start().toEpochMilli();
        this.shop = new Shop(settings, seeds, start);
        this.mishaps = new Mishaps(seeds.split(), settings);
        this.random = seeds.split();
        this.reactions = new Reactions(settings);
        this.meanSessionGap = WEEK_MILLIS * settings.sessionLength() / settings.salesPerWeek();
        this.nextHour = start + Shop.HOUR_MILLIS;
        this.nextSession = start + Draw.wait(random, meanSessionGap);
        shop.catalog(start).forEach(item -> announce(start, item));
    }

    /** There is always more. */
    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public ShopRecord next() {
        Arrival first = arrivals.peek();
        // what happens at a time arrives then or later: nothing can come before the first any more
        while (first == null || first.record().arrival() >= nextHappening()) {
            happen();
            first = arrivals.peek();
        }
        arrivals.remove();
        return first.record();
    }

    private long nextHappening() {
        Session session = sessions.peek();
        long outside = Math.min(nextHour, nextSession);
        return session == null ? outside : Math.min(outside, session.next());
    }

    private void happen() {
        long now = nextHappening();
        if (now == nextHour) {
            shop.hour(now).forEach(item -> announce(now, item));
            nextHour += Shop.HOUR_MILLIS;
        } else if (now == nextSession) {
            sessions.add(shop.visit(now));
            nextSession = now + Draw.wait(random, meanSessionGap / settings.visits(now));
        } else {
            choose(sessions.remove());
        }
    }

    private void choose(Session session) {
        ShopItem item = shop.choose(session);
        Shopper shopper = session.shopper();
        String type = reactions.to(item, shopper, session.next());
        act(shopper, item, type, session.next());
        if (type.equals(ShopRecord.Action.PURCHASE)) {
            shopper.bought(item);
            reactions
                    .returned(session.next())
                    .ifPresent(time -> act(shopper, item, ShopRecord.Action.RETURN, time));
        }
        if (session.left() > 1) {
            long next = session.next() + Draw.wait(random, STEP_MILLIS);
            sessions.add(
                    session.then(
                            next, type.equals(ShopRecord.Action.HIDE) ? session.last() : item));
        }
    }

    private void act(Shopper shopper, ShopItem item, String type, long time) {
        events++;
        Interaction interaction =
                new Interaction(
                        "e-" + events, shopper.id, item.id, type, Float.NaN, time, 0, events - 1);
        mishaps.of(interaction).forEach(this::send);
    }

    private void announce(long now, CatalogItem item) {
        send(new ShopRecord.Announcement(now, item));
    }

    private void send(ShopRecord record) {
        arrivals.add(new Arrival(record, numbered++));
    }

    /**
     * What happens to records on their way: some are late, some come twice, some broken ones join
     * in.
     */
    static final class Mishaps {

        private final RandomGenerator random;
        private final ShopSettings settings;
        private final long disorder;

        Mishaps(RandomGenerator random, ShopSettings settings) {
            this.random = random;
            this.settings = settings;
            this.disorder = settings.disorder().toMillis();
        }

        /**
         * What arrives because of an interaction; none of it before the interaction's event time.
         */
        List<ShopRecord> of(Interaction interaction) {
            List<ShopRecord> arrivals = new ArrayList<>(1);
            long arrival = interaction.timestamp();
            if (random.nextDouble() < settings.lateShare()) {
                arrival += random.nextLong(disorder);
            }
            arrivals.add(new ShopRecord.Action(arrival, interaction, false));
            if (random.nextDouble() < settings.duplicateShare()) {
                long later = arrival + random.nextLong(disorder);
                arrivals.add(new ShopRecord.Action(later, interaction, true));
            }
            if (random.nextDouble() < settings.brokenShare()) {
                Fault fault = Draw.any(random, List.of(Fault.values()));
                arrivals.add(new ShopRecord.Broken(arrival, fault, fault.value()));
            }
            return arrivals;
        }
    }
}

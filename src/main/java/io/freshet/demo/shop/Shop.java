package io.freshet.demo.shop;

import io.freshet.demo.shop.Assortment.ShopItem;
import io.freshet.demo.shop.Crowd.Shopper;
import io.freshet.event.CatalogItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The shop behind the records: who is there, what is on sale, and how both change by the hour. */
final class Shop {

    static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private static final double HOURS_PER_WEEK = 7 * 24;
    private static final long OLDEST_ITEM_MILLIS = Duration.ofDays(180).toMillis();

    private final ShopSettings settings;
    private final RandomGenerator random;
    private final Assortment assortment;
    private final Crowd crowd;
    private final Choice choice;

    Shop(ShopSettings settings, SplittableRandom seeds, long now) {
        this.settings = settings;
        List<Department> departments = Department.all();
        Words words = new Words(seeds.split());
        this.assortment =
                new Assortment(
                        seeds.split(),
                        settings.random(ShopSettings.Part.LABELS),
                        words,
                        departments);
        this.crowd = new Crowd(seeds.split(), words, departments, settings);
        this.choice = new Choice(seeds.split(), assortment);
        this.random = seeds.split();
        assortment.open(settings.items(), now, OLDEST_ITEM_MILLIS);
        followTrends(now);
        crowd.grow(settings.shoppers(), now);
    }

    /** The whole catalog as it is. */
    List<CatalogItem> catalog(long now) {
        return assortment.items().stream().map(item -> item.catalogItem(now)).toList();
    }

    /** What changes within an hour; returns the catalog records of it. */
    List<CatalogItem> hour(long now) {
        List<CatalogItem> changed = new ArrayList<>();
        double newItems = settings.newItems() * settings.items() / HOURS_PER_WEEK;
        for (int i = Draw.count(random, newItems); i > 0; i--) {
            changed.add(assortment.withdraw(now).catalogItem(now));
            changed.add(assortment.arrive(now).catalogItem(now));
        }
        assortment.mixCompanions(settings.newCompanions() / HOURS_PER_WEEK, now);
        followTrends(now);
        double newShoppers = settings.newShoppers() * settings.shoppers() / HOURS_PER_WEEK;
        crowd.grow(Draw.count(random, newShoppers), now);
        return changed;
    }

    /** Somebody comes in, to choose something at once. */
    Session visit(long now) {
        Shopper shopper = crowd.visit(now);
        int length = 1;
        while (random.nextDouble() >= 1 / settings.sessionLength()) {
            length++;
        }
        return new Session(now, shopper, choice.department(shopper), length, null);
    }

    /** The session's next item. */
    ShopItem choose(Session session) {
        return choice.next(session.shopper(), session.department(), session.last(), session.next());
    }

    private void followTrends(long now) {
        assortment.followTrends(settings.trends(), settings.trendLength().toMillis(), now);
    }

    /**
     * A visit that is not over.
     *
     * @param next shop time of the next choice, milliseconds since the epoch
     * @param left choices left, that one included
     * @param last the last item chosen, null at the start
     */
    record Session(
            long next, Shopper shopper, Department department, int left, @Nullable ShopItem last) {

        Session then(long time, @Nullable ShopItem chosen) {
            return new Session(time, shopper, department, left - 1, chosen);
        }
    }
}

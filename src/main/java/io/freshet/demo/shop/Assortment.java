package io.freshet.demo.shop;

import io.freshet.demo.shop.Words.Latent;
import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What is on sale, what goes with what, and what is hot. */
final class Assortment {

    static final List<String> BRANDS =
            List.of("Alder", "Boreal", "Caspia", "Dunlin", "Ember", "Fjord", "Gable", "Heron");

    private static final int COMPANIONS = 4;
    private static final int PLACES_FOR_A_NEW_ITEM = 6;
    private static final double SAME_DEPARTMENT = 0.3;
    private static final double COMPANION_FIT = 3;
    private static final double APPEAL_SPREAD = 0.8;
    private static final double MEDIAN_PRICE = 20;
    private static final double PRICE_SPREAD = 0.8;
    private static final double EXPENSIVE = 3 * MEDIAN_PRICE;

    private final RandomGenerator random;
    private final RandomGenerator labels;
    private final Words words;
    private final List<Department> departments;
    private final List<ShopItem> items = new ArrayList<>();
    private final Map<String, List<ShopItem>> byDepartment = new LinkedHashMap<>();
    private final List<ShopItem> hot = new ArrayList<>();
    private int made;

    /**
     * @param labels of brands and prices
     */
    Assortment(
            RandomGenerator random,
            RandomGenerator labels,
            Words words,
            List<Department> departments) {
        this.random = random;
        this.labels = labels;
        this.words = words;
        this.departments = departments;
        departments.forEach(department -> byDepartment.put(department.name(), new ArrayList<>()));
    }

    /** Fills the empty shop with items that have been there for a while. */
    void open(int count, long now, long oldest) {
        for (int i = 0; i < count; i++) {
            shelve(departments.get(i % departments.size()), now - random.nextLong(oldest));
        }
        items.forEach(item -> findCompanions(item, now));
    }

    /** Adds a new item, which becomes a companion of some that are there. */
    ShopItem arrive(long now) {
        ShopItem item = shelve(Draw.any(random, departments), now);
        findCompanions(item, now);
        Collection<String> near = item.department.goesWith();
        for (int i = 0; i < PLACES_FOR_A_NEW_ITEM; i++) {
            ShopItem other = Draw.any(random, onSale(Draw.any(random, List.copyOf(near))));
            other.companions.set(random.nextInt(COMPANIONS), item);
        }
        return item;
    }

    /** Withdraws an item; what it was a companion of gets another one. */
    ShopItem withdraw(long now) {
        ShopItem item = Draw.any(random, items.subList(0, items.size() / 2));
        item.withdrawn = true;
        items.remove(item);
        onSale(item.department.name()).remove(item);
        hot.remove(item);
        for (ShopItem other : items) {
            other.companions.replaceAll(
                    companion -> companion == item ? companion(other, now) : companion);
        }
        return item;
    }

    /** Redraws a share of all companions. */
    void mixCompanions(double share, long now) {
        for (ShopItem item : items) {
            for (int place = 0; place < COMPANIONS; place++) {
                if (random.nextDouble() < share) {
                    item.companions.set(place, companion(item, now));
                }
            }
        }
    }

    /** Ends trends that are over, and starts others until there are {@code count}. */
    void followTrends(int count, double meanMillis, long now) {
        hot.removeIf(item -> item.hotUntil <= now);
        while (hot.size() < count) {
            ShopItem item = Draw.any(random, items);
            item.hotUntil = now + Draw.wait(random, meanMillis);
            hot.add(item);
        }
    }

    List<ShopItem> items() {
        return items;
    }

    List<ShopItem> hot() {
        return hot;
    }

    List<Department> departments() {
        return departments;
    }

    List<ShopItem> onSale(String department) {
        List<ShopItem> found = byDepartment.get(department);
        if (found == null) {
            throw new IllegalArgumentException(
                    "No department '" + department + "', only " + byDepartment.keySet());
        }
        return found;
    }

    private ShopItem shelve(Department department, long since) {
        made++;
        double appeal = APPEAL_SPREAD * random.nextGaussian();
        String id = String.format("i-%05d", made);
        String brand = Draw.any(labels, BRANDS);
        double price = MEDIAN_PRICE * Math.exp(PRICE_SPREAD * labels.nextGaussian());
        ShopItem item =
                new ShopItem(
                        id,
                        words.title(department),
                        brand,
                        (float) price,
                        department,
                        appeal,
                        since);
        items.add(item);
        onSale(department.name()).add(item);
        return item;
    }

    private void findCompanions(ShopItem item, long now) {
        while (item.companions.size() < COMPANIONS) {
            item.companions.add(companion(item, now));
        }
    }

    private ShopItem companion(ShopItem item, long now) {
        boolean same = random.nextDouble() < SAME_DEPARTMENT;
        String department =
                same ? item.department.name() : Draw.any(random, item.department.goesWith());
        return Draw.weighted(
                random,
                onSale(department),
                other ->
                        other == item
                                ? 0
                                : Math.exp(
                                        COMPANION_FIT * Latent.dot(item.vector, other.vector)
                                                + other.demand(now)));
    }

    /** An item on sale. */
    static final class ShopItem {

        /** How much more an item is wanted on its first day, as a log of the odds. */
        private static final double NOVELTY = 1.5;

        private static final double NOVELTY_MILLIS = 7 * 86_400_000.0;
        private static final double HOT = 3;

        final String id;
        final String title;
        final String brand;
        final float price;
        final Department department;
        final double[] vector;
        final double appeal;
        final long since;

        /** Items that are bought after this one, the most frequent first. */
        final List<ShopItem> companions = new ArrayList<>();

        long hotUntil = Long.MIN_VALUE;
        boolean withdrawn;

        ShopItem(
                String id,
                Words.Title title,
                String brand,
                float price,
                Department department,
                double appeal,
                long since) {
            this.id = id;
            this.brand = brand;
            this.price = price;
            this.title = title.text();
            this.vector = title.vector();
            this.department = department;
            this.appeal = appeal;
            this.since = since;
        }

        /** How much it is wanted by everybody at a time, as a log of the odds. */
        double demand(long now) {
            double novelty = NOVELTY * Math.exp(-(now - since) / NOVELTY_MILLIS);
            return appeal + novelty + (now < hotUntil ? HOT : 0);
        }

        boolean isExpensive() {
            return price > EXPENSIVE;
        }

        CatalogItem catalogItem(long timestamp) {
            return new CatalogItem(
                    id,
                    title,
                    "",
                    List.of(department.area(), department.name()),
                    !withdrawn,
                    timestamp,
                    Map.of(),
                    List.of(Attribute.category("brand", brand), Attribute.number("price", price)));
        }
    }
}

package io.freshet.demo.shop;

import io.freshet.event.CatalogItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An item on sale. */
final class ShopItem {

    /** How much more an item is wanted on its first day, as a log of the odds. */
    private static final double NOVELTY = 1.5;

    private static final double NOVELTY_MILLIS = 7 * 86_400_000.0;
    private static final double HOT = 3;

    final String id;
    final String title;
    final Department department;
    final double[] vector;
    final double appeal;
    final long since;

    /** Items that are bought after this one, the most frequent first. */
    final List<ShopItem> companions = new ArrayList<>();

    long hotUntil = Long.MIN_VALUE;
    boolean withdrawn;

    ShopItem(String id, Words.Title title, Department department, double appeal, long since) {
        this.id = id;
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

    CatalogItem catalogItem(long timestamp) {
        return new CatalogItem(
                id,
                title,
                "",
                List.of(department.area(), department.name()),
                !withdrawn,
                timestamp,
                Map.of());
    }
}

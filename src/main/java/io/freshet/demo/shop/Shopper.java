package io.freshet.demo.shop;

import java.util.ArrayList;
import java.util.List;

/** Somebody who shops: a taste, some interests, and what was bought. */
final class Shopper {

    private static final int REMEMBERED = 30;

    final String id;

    /** Sessions per time, compared with others. */
    final double activity;

    final double[] taste;

    /** Departments, the favourite first. */
    final List<Department> interests;

    final List<ShopItem> bought = new ArrayList<>();
    long lastVisit;

    Shopper(
            String id,
            double activity,
            double[] taste,
            List<Department> interests,
            long lastVisit) {
        this.id = id;
        this.activity = activity;
        this.taste = taste;
        this.interests = interests;
        this.lastVisit = lastVisit;
    }

    void bought(ShopItem item) {
        bought.add(item);
        if (bought.size() > REMEMBERED) {
            bought.remove(0);
        }
    }
}

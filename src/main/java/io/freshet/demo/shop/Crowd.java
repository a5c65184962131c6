package io.freshet.demo.shop;

import io.freshet.demo.shop.Assortment.ShopItem;
import io.freshet.demo.shop.ShopSettings.Feedback;
import io.freshet.demo.shop.Words.Latent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** All who shop. Some come often, most rarely; between two visits a taste drifts. */
final class Crowd {

    private static final int INTERESTS = 4;
    private static final int STYLES_LIKED = 2;
    private static final double ACTIVITY_SLOPE = 0.6;
    private static final double MOST_ACTIVE = 40;
    private static final double WEEK_MILLIS = 7 * 86_400_000.0;

    private final RandomGenerator random;
    private final Words words;
    private final List<Department> departments;
    private final double tasteDrift;
    private final double newInterests;
    private final Feedback feedback;
    private final RandomGenerator manners;
    private final List<Shopper> shoppers = new ArrayList<>();
    private double[] activitySums = {};

    Crowd(
            RandomGenerator random,
            Words words,
            List<Department> departments,
            ShopSettings settings) {
        this.random = random;
        this.words = words;
        this.departments = departments;
        this.tasteDrift = settings.tasteDrift();
        this.newInterests = settings.newInterests();
        this.feedback = settings.feedback();
        this.manners = settings.random(ShopSettings.Part.MANNERS);
    }

    /** Adds shoppers who come from now on. */
    void grow(int count, long now) {
        for (int i = 0; i < count; i++) {
            shoppers.add(shopper(now));
        }
        activitySums = new double[shoppers.size()];
        double sum = 0;
        for (int i = 0; i < activitySums.length; i++) {
            sum += shoppers.get(i).activity;
            activitySums[i] = sum;
        }
    }

    /** The shopper who comes now, changed by the time since the last visit. */
    Shopper visit(long now) {
        double at = random.nextDouble() * activitySums[activitySums.length - 1];
        int found = Arrays.binarySearch(activitySums, at);
        Shopper shopper = shoppers.get(found < 0 ? -found - 1 : found);
        double weeks = (now - shopper.lastVisit) / WEEK_MILLIS;
        Latent.add(shopper.taste, tasteDrift * Math.sqrt(weeks), Latent.random(random));
        Latent.normalize(shopper.taste);
        if (random.nextDouble() < 1 - Math.exp(-newInterests * weeks)) {
            shopper.interests.add(0, Draw.any(random, departments));
            shopper.interests.remove(INTERESTS);
        }
        shopper.lastVisit = now;
        return shopper;
    }

    private Shopper shopper(long now) {
        double activity = Math.min(MOST_ACTIVE, Math.pow(1 - random.nextDouble(), -ACTIVITY_SLOPE));
        double[] taste = Latent.random(random);
        for (int i = 0; i < STYLES_LIKED; i++) {
            String style = Draw.any(random, Draw.any(random, departments).styles());
            Latent.add(taste, 1, words.vector(style));
        }
        List<Department> interests = new ArrayList<>();
        for (int i = 0; i < INTERESTS; i++) {
            interests.add(Draw.any(random, departments));
        }
        String id = String.format("u-%05d", shoppers.size() + 1);
        Shopper shopper = new Shopper(id, activity, Latent.normalize(taste), interests, now);
        if (manners.nextDouble() < feedback.dislikes()) {
            shopper.disliked = Draw.any(manners, Assortment.BRANDS);
        }
        shopper.isThrifty = manners.nextDouble() < feedback.thrifty();
        return shopper;
    }

    /** Somebody who shops: a taste, some interests, and what was bought. */
    static final class Shopper {

        private static final int REMEMBERED = 30;

        final String id;

        /** Sessions per time, compared with others. */
        final double activity;

        final double[] taste;

        /** Departments, the favourite first. */
        final List<Department> interests;

        final List<ShopItem> bought = new ArrayList<>();
        long lastVisit;

        /** A brand that this one never buys, or empty. */
        String disliked = "";

        /** Whether this one only looks at what is expensive. */
        boolean isThrifty;

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
}

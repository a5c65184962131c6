package io.freshet.demo.shop;

import io.freshet.demo.shop.Assortment.ShopItem;
import io.freshet.demo.shop.Crowd.Shopper;
import io.freshet.demo.shop.Words.Latent;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a shopper buys next: something that goes with the last item, is hot, is known, or is liked.
 */
final class Choice {

    private static final double COMPANION = 0.5;
    private static final double TREND = 0.08;
    private static final double REPEAT = 0.08;
    private static final double TASTE_WEIGHT = 6;

    /** Chance of the first companion, the second, and so on; the last takes the rest. */
    private static final double[] COMPANION_SHARES = {0.5, 0.75, 0.9};

    /** Chance of the favourite department, the next, and so on; the last takes the rest. */
    private static final double[] INTEREST_SHARES = {0.5, 0.75, 0.9};

    private final RandomGenerator random;
    private final Assortment assortment;

    Choice(RandomGenerator random, Assortment assortment) {
        this.random = random;
        this.assortment = assortment;
    }

    /** The department of a session. */
    Department department(Shopper shopper) {
        return byShares(INTEREST_SHARES, shopper.interests);
    }

    /**
     * The next item.
     *
     * @param last the session's last item, null at its start
     */
    ShopItem next(Shopper shopper, Department department, @Nullable ShopItem last, long now) {
        double kind = random.nextDouble();
        if (last != null && !last.withdrawn && kind < COMPANION) {
            return byShares(COMPANION_SHARES, last.companions);
        }
        if (kind >= 1 - TREND) {
            return Draw.any(random, assortment.hot());
        }
        if (kind >= 1 - TREND - REPEAT && !shopper.bought.isEmpty()) {
            ShopItem known = Draw.any(random, shopper.bought);
            if (!known.withdrawn) {
                return known;
            }
        }
        return Draw.weighted(
                random,
                assortment.onSale(department.name()),
                item ->
                        Math.exp(
                                TASTE_WEIGHT * Latent.dot(shopper.taste, item.vector)
                                        + item.demand(now)));
    }

    private <T> T byShares(double[] shares, List<T> from) {
        double at = random.nextDouble();
        int index = 0;
        while (index < shares.length && shares[index] <= at) {
            index++;
        }
        return from.get(index);
    }
}

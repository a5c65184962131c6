package io.freshet.demo.shop;

import io.freshet.demo.shop.Assortment.ShopItem;
import io.freshet.demo.shop.Crowd.Shopper;
import io.freshet.demo.shop.ShopRecord.Action;
import io.freshet.demo.shop.ShopSettings.Feedback;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** What shoppers do with the item that they have found, and later on. */
final class Reactions {

    private static final double MEAN_RETURN_MILLIS = Duration.ofDays(2).toMillis();

    private final RandomGenerator random;
    private final ShopSettings settings;
    private final Feedback feedback;

    Reactions(ShopSettings settings) {
        this.random = settings.random(ShopSettings.Part.REACTIONS);
        this.settings = settings;
        this.feedback = settings.feedback();
    }

    /**
     * The type of the event: an item of a disliked brand is hidden, and one that is too expensive
     * for the shopper is only looked at, as is more at night.
     */
    String to(ShopItem item, Shopper shopper, long now) {
        if (item.brand.equals(shopper.disliked)) {
            return Action.HIDE;
        }
        double draw = random.nextDouble();
        double looks = feedback.looks() * (2 - settings.visits(now));
        if (draw < looks || shopper.isThrifty && item.isExpensive()) {
            return Action.LOOK;
        }
        return draw < looks + feedback.carts() ? Action.CART : Action.PURCHASE;
    }

    /** When a purchase is returned, in shop time; nothing if it is kept. */
    OptionalLong returned(long purchasedAt) {
        return random.nextDouble() < feedback.returns()
                ? OptionalLong.of(purchasedAt + Draw.wait(random, MEAN_RETURN_MILLIS))
                : OptionalLong.empty();
    }
}

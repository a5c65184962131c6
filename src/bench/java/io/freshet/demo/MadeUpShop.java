package io.freshet.demo;

import static java.lang.Character.MAX_RADIX;

import io.freshet.event.CatalogItem;
import io.freshet.event.Interaction;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

/**
 * Users and items in given numbers, one interaction every two seconds of event time. The first ones
 * bring all users, one after another and each with as many interactions as the others, and all
 * items; in the rest users and items are Zipf distributed.
 *
 * @param skew exponent of the rest; with 0 all are alike
 */
public record MadeUpShop(int users, int items, double skew) implements Serializable {

    private static final long FIRST_MILLIS = 1_700_000_000_000L;
    private static final long STEP_MILLIS = 2_000;
    private static final long IDS = (long) Math.pow(MAX_RADIX, 7);
    private static final long USER = 1L << 40;
    private static final long ITEM = 1L << 41;
    private static final int LEAST_PER_USER = 3;
    private static final int LEAST_PER_ITEM = 2;

    /** How many bring all users and items. */
    long first() {
        return Math.max((long) users * LEAST_PER_USER, (long) items * LEAST_PER_ITEM);
    }

    /** An item of the catalog by its running number. */
    CatalogItem item(long number) {
        return new CatalogItem(
                id(ITEM, number),
                "Item " + number,
                "",
                List.of("category " + number % 100),
                true,
                FIRST_MILLIS,
                Map.of());
    }

    /** Eight characters without a rule, by which they could be compressed. */
    private static String id(long kind, long number) {
        long hash = new SplittableRandom(kind ^ number).nextLong(IDS, MAX_RADIX * IDS);
        return Long.toString(hash, MAX_RADIX);
    }

    /** Interactions by their running number. */
    GeneratorFunction<Long, Interaction> interactions() {
        return new Interactions(this, 0);
    }

    /** Those without the first ones. */
    public GeneratorFunction<Long, Interaction> rest() {
        return new Interactions(this, first());
    }

    private static final class Interactions implements GeneratorFunction<Long, Interaction> {

        private static final long serialVersionUID = 1L;

        private final MadeUpShop shop;
        private final long from;
        private transient IntSupplier users;
        private transient IntSupplier items;

        @SuppressWarnings("NullAway.Init") // the rest is made in open
        Interactions(MadeUpShop shop, long from) {
            this.shop = shop;
            this.from = from;
        }

        @Override
        public void open(SourceReaderContext context) {
            users = draws(shop.users, 1);
            items = draws(shop.items, 2);
        }

        @Override
        public Interaction map(Long running) {
            long number = from + running;
            long first = shop.first();
            long user = number * shop.users / first;
            long item = number;
            if (number >= first) {
                user = users.getAsInt();
                item = items.getAsInt();
            } else if (number >= shop.items) {
                item = new SplittableRandom(number).nextInt(shop.items);
            }
            return new Interaction(
                    "event-" + number,
                    id(USER, user),
                    id(ITEM, item),
                    "",
                    Float.NaN,
                    FIRST_MILLIS + STEP_MILLIS * number,
                    0,
                    number,
                    System.currentTimeMillis(),
                    List.of());
        }

        /** Numbers below a bound. */
        private IntSupplier draws(int bound, int seed) {
            if (shop.skew == 0) {
                SplittableRandom random = new SplittableRandom(seed);
                return () -> random.nextInt(bound);
            }
            var zipf = new ZipfDistribution(new Well19937c(seed), bound, shop.skew);
            return () -> zipf.sample() - 1;
        }
    }
}

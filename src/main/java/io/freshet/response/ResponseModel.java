package io.freshet.response;

import io.freshet.config.AttributesConfig;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.event.Attribute;
import io.freshet.event.Profile;
import io.freshet.response.UserExposures.PendingExposure;
import io.freshet.runtime.attribute.AttributeValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Predicts whether an exposure is responded to, in two steps.
 *
 * <p>What is <b>expected</b> is a probability by the context alone: for each of its attributes how
 * much more often exposures of the same value were responded to than all. The <b>probability</b>
 * adds what the user did lately and how much more often than expected exposures of the user, of the
 * item, and of each value of their attributes were responded to ({@link ResponseRate}). What each
 * is worth is learned, so an attribute that says nothing gets a weight of about 0.
 *
 * <p>Such target statistics with a linear model on top are common in response prediction (Chapelle,
 * Manavoglu, Rosales, "Simple and scalable response prediction for display advertising", TIST
 * 2014). A number counts as the range between powers of the square root of 2 that it lies in, a
 * date by its age in days.
 */
final class ResponseModel {

    private static final String ALL = "all";
    private static final String USER = "user:";

    /** Weight of a statistic to begin with; it has to prove itself. */
    private static final double FIRST_WEIGHT = 0.3;

    /** The expected probability and the ids are there anyway, and count in full. */
    private static final double FULL_WEIGHT = 1;

    private static final double EVEN = 0.5;
    private static final double LEAST_PROBABILITY = 1e-4;
    private static final int FIXED = 2; // the bias and the prior
    private static final int IDS = 2; // the user and the item

    private final AttributesConfig attributes;
    private final SortedMap<String, Type> context;
    private final SortedMap<String, Type> ofItems;
    private final Rates rates;
    private final LogisticRegression byContext;
    private final LogisticRegression byAll;
    private final int layout;
    private long learnedThrough = -1;

    /** The rates by what exposures have in common. */
    interface Rates {

        /** The rate of a key, null if there is none. */
        @Nullable ResponseRate get(String key) throws Exception;

        void put(String key, ResponseRate rate) throws Exception;
    }

    /**
     * What is known of an exposure besides itself.
     *
     * @param user who was shown something
     * @param ofUser the user's attributes
     * @param ofItem the item's attributes
     */
    record Known(String user, List<Attribute> ofUser, List<Attribute> ofItem) {}

    ResponseModel(AttributesConfig attributes, Rates rates) {
        this.attributes = attributes;
        context = new TreeMap<>(attributes.context());
        List.of(AttributeValue.HOUR, AttributeValue.WEEKDAY)
                .forEach(name -> context.putIfAbsent(name, Type.CATEGORY));
        ofItems = new TreeMap<>(attributes.items());
        ofItems.put(Profile.CATEGORIES, Type.CATEGORIES);
        this.rates = rates;
        byContext = contextRegression();
        byAll = fullRegression();
        layout = Objects.hash(byContext.layout(), byAll.layout());
    }

    private LogisticRegression contextRegression() {
        List<String> names = new ArrayList<>(List.of("bias", "prior"));
        context.keySet().forEach(name -> names.add("context." + name));
        double[] weights = new double[names.size()];
        Arrays.fill(weights, FIRST_WEIGHT);
        weights[0] = 0;
        weights[1] = FULL_WEIGHT;
        return new LogisticRegression(names, weights);
    }

    private LogisticRegression fullRegression() {
        List<String> names = new ArrayList<>(List.of("bias", "prior", "user", "item"));
        attributes.users().keySet().forEach(name -> names.add("user." + name));
        ofItems.keySet().forEach(name -> names.add("item." + name));
        int statistics = names.size();
        names.addAll(List.of(UserExposures.ACTIVITY));
        double[] weights = new double[names.size()];
        Arrays.fill(weights, 0, statistics, FIRST_WEIGHT);
        Arrays.fill(weights, 1, FIXED + IDS, FULL_WEIGHT);
        weights[0] = 0;
        return new LogisticRegression(names, weights);
    }

    /** Predicts a response, and keeps in the exposure what {@link #learn} will need. */
    void predict(PendingExposure exposure, Known known) throws Exception {
        double prior = rate(ALL).share(EVEN);
        float[] contextFeatures = new float[FIXED + context.size()];
        contextFeatures[0] = 1;
        contextFeatures[1] = (float) ResponseRate.logOdds(prior);
        int at = FIXED;
        for (List<String> keys : contextKeys(exposure)) {
            contextFeatures[at++] = (float) mean(keys, rate -> rate.lift(prior));
        }
        double expected =
                Math.min(
                        1 - LEAST_PROBABILITY,
                        Math.max(LEAST_PROBABILITY, byContext.predict(contextFeatures)));
        List<List<String>> keysOfAll = keys(exposure, known);
        float[] features = new float[FIXED + keysOfAll.size() + exposure.activity.length];
        features[0] = 1;
        features[1] = (float) ResponseRate.logOdds(expected);
        at = FIXED;
        for (List<String> keys : keysOfAll) {
            features[at++] = (float) mean(keys, rate -> rate.surprise(expected));
        }
        System.arraycopy(exposure.activity, 0, features, at, exposure.activity.length);
        exposure.contextFeatures = contextFeatures;
        exposure.features = features;
        exposure.layout = layout;
        exposure.expected = (float) expected;
        exposure.probability = (float) byAll.predict(features);
        exposure.learnedThrough = learnedThrough;
    }

    /** Learns from a predicted exposure whose outcome is known. */
    void learn(PendingExposure exposure, Known known) throws Exception {
        if (exposure.layout == layout) { // or it was predicted from other attributes
            byContext.learn(exposure.contextFeatures, exposure.responded);
            byAll.learn(exposure.features, exposure.responded);
        }
        List<String> keys = new ArrayList<>(List.of(ALL));
        Stream.of(contextKeys(exposure), keys(exposure, known))
                .flatMap(List::stream)
                .forEach(keys::addAll);
        for (String key : keys) {
            ResponseRate rate = rate(key);
            rate.add(exposure.responded, exposure.expected);
            rates.put(key, rate);
        }
        learnedThrough = Math.max(learnedThrough, exposure.offset);
    }

    ResponseModelState store() {
        ResponseModelState state = new ResponseModelState();
        state.byContext = byContext.store();
        state.byAll = byAll.store();
        state.learnedThrough = learnedThrough;
        return state;
    }

    void restore(ResponseModelState state) {
        byContext.restore(state.byContext);
        byAll.restore(state.byAll);
        learnedThrough = state.learnedThrough;
    }

    static String ofUser(String user) {
        return USER + user;
    }

    static String userOf(String key) {
        return key.substring(USER.length());
    }

    static String ofItem(String item) {
        return "item:" + item;
    }

    /** Keys of the context's statistics, by feature. */
    private List<List<String>> contextKeys(PendingExposure exposure) {
        List<Attribute> all = new ArrayList<>(exposure.context);
        AttributeValue.ofTime(exposure.timestamp).stream()
                .filter(each -> !attributes.context().containsKey(each.name()))
                .forEach(all::add); // unless the producer has its own
        return keys("context.", context, all, exposure.timestamp);
    }

    /** Keys of all other statistics, by feature. */
    private List<List<String>> keys(PendingExposure exposure, Known known) {
        List<List<String>> keys = new ArrayList<>();
        keys.add(List.of(ofUser(known.user())));
        keys.add(List.of(ofItem(exposure.itemId)));
        long now = exposure.timestamp;
        keys.addAll(keys("user.", attributes.users(), known.ofUser(), now));
        keys.addAll(keys("item.", ofItems, known.ofItem(), now));
        return keys;
    }

    private static List<List<String>> keys(
            String scope, SortedMap<String, Type> declared, List<Attribute> known, long now) {
        List<List<String>> keys = new ArrayList<>(declared.size());
        declared.forEach(
                (name, type) -> {
                    List<String> values = new ArrayList<>(1);
                    for (Attribute attribute : known) {
                        if (attribute.name().equals(name)) {
                            values.add(
                                    scope
                                            + name
                                            + AttributeValue.of(attribute, type == Type.DATE, now));
                        }
                    }
                    // absence says something, too
                    keys.add(values.isEmpty() ? List.of(scope + name) : values);
                });
        return keys;
    }

    private ResponseRate rate(String key) throws Exception {
        ResponseRate rate = rates.get(key);
        return rate == null ? new ResponseRate() : rate;
    }

    private double mean(List<String> keys, Statistic statistic) throws Exception {
        double sum = 0;
        for (String key : keys) {
            sum += statistic.of(rate(key));
        }
        return sum / keys.size();
    }

    /** What is taken of a rate. */
    @FunctionalInterface
    private interface Statistic {
        double of(ResponseRate rate);
    }
}

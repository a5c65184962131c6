package io.freshet.history;

import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.attribute.PositionAttributes;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The order of a user's interactions, and the training sequences cut from it.
 *
 * <p>Kept are all positions from {@code length} before the first fresh one, so that each fresh
 * position leaves with as much context as the model can see. Example with a length of 2, {@code *}
 * marking what is fresh: after {@code a b} a pane brings {@code c* d* e*}, and all five are kept.
 * At its end the sequence {@code a b c* d* e*} leaves, and {@code d e} stay.
 */
final class Timeline {

    /** Position of what is not there. */
    static final int NONE = -1;

    /** Fresh positions, as a multiple of the length, beyond which a sequence leaves early. */
    private static final int OVERFLOW = 10;

    /** Types that one position has; a further one begins another. */
    private static final int MOST_TYPES = 16;

    private static final int[] NO_TYPES = {};
    private static final int[] NO_ATTRIBUTES = {};
    private static final float NO_RATING = Float.NaN;
    private static final float FULL_WEIGHT = 1;

    private final int length;
    private final PositionAttributes taken;

    /**
     * @param length positions of context that are kept
     * @param taken what the model takes of a position besides its item
     */
    Timeline(int length, PositionAttributes taken) {
        this.length = length;
        this.taken = taken;
    }

    /**
     * Puts an interaction where it belongs in event-time order, behind those of the same time, as a
     * fresh position.
     *
     * @param weight as a target, 0 for context alone
     * @return its position
     */
    int insert(HistoryState user, Interaction interaction, float weight) {
        long timestamp = interaction.timestamp();
        int position = user.timestamps.length;
        while (position > 0 && user.timestamps[position - 1] > timestamp) {
            position--;
        }
        int count = user.items.length;
        user.ratings = with(user.ratings, NO_RATING, count, position, interaction.rating());
        user.weights = with(user.weights, FULL_WEIGHT, count, position, weight);
        user.attributes = with(user.attributes, count, position, taken.of(interaction));
        user.items = withGap(user.items, position);
        user.items[position] = interaction.itemId();
        user.timestamps = withGap(user.timestamps, position);
        user.timestamps[position] = timestamp;
        insertFresh(user, position, interaction);
        arrived(user, interaction);
        if (position == count) {
            user.newestTypes = typed(interaction) ? new int[] {type(interaction)} : NO_TYPES;
        }
        return position;
    }

    /**
     * Whether an interaction belongs to the newest position: it is of the same item, not earlier,
     * and of a type that the position does not have yet. So a view, a cart and a purchase of an
     * item are one choice, and two purchases are two.
     */
    static boolean continues(HistoryState user, Interaction interaction) {
        int newest = user.items.length - 1;
        return typed(interaction)
                && user.newestTypes.length > 0
                && user.newestTypes.length < MOST_TYPES
                && user.items[newest].equals(interaction.itemId())
                && user.timestamps[newest] <= interaction.timestamp()
                && Arrays.stream(user.newestTypes).noneMatch(type -> type == type(interaction));
    }

    /**
     * Adds an interaction to the newest position, which it {@link #continues}. If it says more than
     * what came before it, by its weight or a rating, the position is as if it came alone, and
     * fresh.
     *
     * @param weight as a target, 0 for context alone
     * @return whether it says more
     */
    boolean add(HistoryState user, Interaction interaction, float weight) {
        int newest = user.items.length - 1;
        int[] more = taken.of(interaction);
        if (more.length > 0) {
            user.attributes = range(user.attributes, 0, user.items.length);
            user.attributes[newest] = PositionAttributes.union(user.attributes[newest], more);
        }
        user.newestTypes = withGap(user.newestTypes, user.newestTypes.length);
        user.newestTypes[user.newestTypes.length - 1] = type(interaction);
        arrived(user, interaction);
        boolean weighsMore = weight > weight(user, newest);
        boolean saysMore = weighsMore || interaction.hasRating();
        if (weighsMore) {
            user.weights = range(user.weights, FULL_WEIGHT, 0, user.items.length);
            user.weights[newest] = weight;
        }
        if (interaction.hasRating()) {
            user.ratings = range(user.ratings, NO_RATING, 0, user.items.length);
            user.ratings[newest] = interaction.rating();
        }
        if (saysMore) {
            user.timestamps[newest] = interaction.timestamp();
            freshen(user, newest, interaction);
        }
        return saysMore;
    }

    private static boolean typed(Interaction interaction) {
        return !interaction.eventType().isEmpty();
    }

    private static int type(Interaction interaction) {
        return interaction.eventType().hashCode();
    }

    /** Notes which interaction arrived last. */
    static void arrived(HistoryState user, Interaction interaction) {
        user.lastPartition = interaction.partition();
        user.lastOffset = interaction.offset();
    }

    /** Weight of a position as a target, 0 for context alone. */
    static float weight(HistoryState user, int position) {
        return user.weights.length == 0 ? FULL_WEIGHT : user.weights[position];
    }

    /**
     * The user's last choice of an item, up to a time.
     *
     * @param timestamp inclusive, milliseconds since the epoch
     * @return its position, or {@link #NONE}
     */
    static int lastChoice(HistoryState user, String item, long timestamp) {
        int position = user.items.length - 1;
        while (position >= 0
                && !(user.timestamps[position] <= timestamp
                        && weight(user, position) > 0
                        && user.items[position].equals(item))) {
            position--;
        }
        return position;
    }

    /** Adds a rejection to what leaves in the next sequence. */
    static void reject(HistoryState user, String item, long timestamp) {
        setRejected(user, rejected(user).with(item, timestamp, Rejections.MOST));
    }

    /** Drops the older rejections of an item from what leaves in the next sequence. */
    static void choose(HistoryState user, String item, long timestamp) {
        setRejected(user, rejected(user).without(item, timestamp));
    }

    private static TimedItems rejected(HistoryState user) {
        return new TimedItems(user.rejected, user.rejectedAt);
    }

    private static void setRejected(HistoryState user, TimedItems all) {
        user.rejected = all.items();
        user.rejectedAt = all.timestamps();
    }

    /** Makes a position context alone. */
    static void takeBack(HistoryState user, int position) {
        user.weights = range(user.weights, FULL_WEIGHT, 0, user.items.length);
        user.weights[position] = 0;
    }

    /** Whether there are so many fresh positions that some must leave before their pane closes. */
    boolean overflows(HistoryState user) {
        return user.fresh.length > OVERFLOW * length;
    }

    /**
     * Removes the fresh positions before {@code paneEnd} as one training sequence, with what was
     * rejected before that, and drops what is no longer needed as context. Positions of later panes
     * stay fresh, and are not in the sequence; neither is what comes after its last fresh position.
     *
     * @param paneEnd exclusive end of the pane, milliseconds since the epoch
     * @return the sequence, or null if no fresh position is before the pane's end
     */
    @Nullable TrainingSequence cut(HistoryState user, String userId, long paneEnd) {
        int count = 0;
        while (count < user.fresh.length && user.timestamps[user.fresh[count]] < paneEnd) {
            count++;
        }
        if (count == 0) {
            return null;
        }
        TrainingSequence sequence = sequence(user, userId, paneEnd, count);
        int left = user.fresh.length;
        user.fresh = Arrays.copyOfRange(user.fresh, count, left);
        user.partitions = Arrays.copyOfRange(user.partitions, count, left);
        user.offsets = Arrays.copyOfRange(user.offsets, count, left);
        trim(user);
        return sequence;
    }

    private TrainingSequence sequence(HistoryState user, String userId, long paneEnd, int count) {
        int from = Math.max(0, user.fresh[0] - length);
        int to = user.fresh[count - 1] + 1;
        TimedItems rejected = rejected(user).only(i -> user.rejectedAt[i] < paneEnd);
        int[] after =
                Arrays.stream(rejected.timestamps())
                        .mapToInt(time -> positionsUpTo(time, user, from, to))
                        .toArray();
        int[] placed = IntStream.range(0, after.length).filter(i -> after[i] > 0).toArray();
        setRejected(user, rejected(user).only(i -> user.rejectedAt[i] >= paneEnd));
        return new TrainingSequence(
                userId,
                paneEnd,
                Arrays.copyOfRange(user.items, from, to),
                range(user.ratings, NO_RATING, from, to),
                Arrays.copyOfRange(user.timestamps, from, to),
                shift(Arrays.copyOf(user.fresh, count), 0, -from),
                Arrays.copyOf(user.partitions, count),
                Arrays.copyOf(user.offsets, count),
                kept(user.weights, from, to),
                Arrays.stream(placed).mapToObj(i -> rejected.items()[i]).toArray(String[]::new),
                Arrays.stream(placed).map(i -> after[i]).toArray(),
                attributes(user, from, to));
    }

    /** All that the model takes of some positions besides their items. */
    int[][] attributes(HistoryState user, int from, int to) {
        return taken.complete(user.attributes, user.timestamps, from, to);
    }

    /** How many of some positions are not later than a time. */
    private static int positionsUpTo(long timestamp, HistoryState user, int from, int to) {
        int position = to;
        while (position > from && user.timestamps[position - 1] > timestamp) {
            position--;
        }
        return position - from;
    }

    private void trim(HistoryState user) {
        int count = user.items.length;
        int needed = user.fresh.length == 0 ? count : user.fresh[0];
        int from = needed - length;
        if (from > 0) {
            user.items = Arrays.copyOfRange(user.items, from, count);
            user.timestamps = Arrays.copyOfRange(user.timestamps, from, count);
            user.ratings = kept(user.ratings, from, count);
            user.weights = kept(user.weights, from, count);
            if (user.attributes.length > 0) {
                user.attributes = Arrays.copyOfRange(user.attributes, from, count);
            }
            shift(user.fresh, 0, -from);
        }
    }

    private static void freshen(HistoryState user, int newest, Interaction interaction) {
        int last = user.fresh.length - 1;
        if (last >= 0 && user.fresh[last] == newest) {
            user.partitions[last] = interaction.partition();
            user.offsets[last] = interaction.offset();
        } else {
            insertFresh(user, newest, interaction);
        }
    }

    private static void insertFresh(HistoryState user, int position, Interaction interaction) {
        int found = Arrays.binarySearch(user.fresh, position);
        int place = found >= 0 ? found : -found - 1;
        user.fresh = shift(withGap(user.fresh, place), place + 1, 1);
        user.fresh[place] = position;
        user.partitions = withGap(user.partitions, place);
        user.partitions[place] = interaction.partition();
        user.offsets = withGap(user.offsets, place);
        user.offsets[place] = interaction.offset();
    }

    /** Values by position with one more; none while all are the usual one. */
    private static float[] with(float[] values, float usual, int count, int position, float value) {
        if (values.length == 0 && Float.compare(value, usual) == 0) {
            return values;
        }
        float[] result = withGap(range(values, usual, 0, count), position);
        result[position] = value;
        return result;
    }

    /** Attributes by position with those of one more; none while no position has any. */
    private static int[][] with(int[][] attributes, int count, int position, int[] more) {
        if (attributes.length == 0 && more.length == 0) {
            return attributes;
        }
        int[][] result = withGap(range(attributes, 0, count), position);
        result[position] = more;
        return result;
    }

    /** Attributes of some positions, of each of them. */
    private static int[][] range(int[][] attributes, int from, int to) {
        if (attributes.length > 0) {
            return Arrays.copyOfRange(attributes, from, to);
        }
        int[][] none = new int[to - from][];
        Arrays.fill(none, NO_ATTRIBUTES);
        return none;
    }

    /** Those of some positions, each of them. */
    private static float[] range(float[] values, float usual, int from, int to) {
        if (values.length > 0) {
            return Arrays.copyOfRange(values, from, to);
        }
        float[] all = new float[to - from];
        Arrays.fill(all, usual);
        return all;
    }

    /** Those of some positions; none while all are the usual one. */
    private static float[] kept(float[] values, int from, int to) {
        return values.length == 0 ? values : Arrays.copyOfRange(values, from, to);
    }

    private static int[] shift(int[] positions, int from, int by) {
        for (int i = from; i < positions.length; i++) {
            positions[i] += by;
        }
        return positions;
    }

    /**
     * A longer copy of an array, with one element more at {@code place}, which is to be set.
     *
     * @param array of any element type
     */
    @SuppressWarnings("unchecked")
    static <A> A withGap(A array, int place) {
        int length = Array.getLength(array);
        A result = (A) Array.newInstance(array.getClass().getComponentType(), length + 1);
        System.arraycopy(array, 0, result, 0, place);
        System.arraycopy(array, place, result, place + 1, length - place);
        return result;
    }
}

package io.freshet.training.window;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import io.freshet.runtime.attribute.PositionAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A user's whole history, of which every position is fresh. */
public final class WholeHistory {

    private final FeedbackConfig feedback;
    private final PositionAttributes taken;
    private final List<Position> positions = new ArrayList<>();
    private final Set<String> newestTypes = new HashSet<>();
    private final List<Rejection> rejections = new ArrayList<>();

    /**
     * A choice or context.
     *
     * @param last the last event of it that says more than those before
     * @param attributes hashes of what else is known of its events
     */
    private record Position(Interaction last, float rating, float weight, int[] attributes) {

        String itemId() {
            return last.itemId();
        }

        Position with(Interaction more, float moreWeight, int[] moreAttributes) {
            boolean saysMore = moreWeight > weight || more.hasRating();
            return new Position(
                    saysMore ? more : last,
                    more.hasRating() ? more.rating() : rating,
                    Math.max(weight, moreWeight),
                    PositionAttributes.union(attributes, moreAttributes));
        }
    }

    /**
     * A rejection that no choice followed yet.
     *
     * @param after how many positions came before
     */
    private record Rejection(String item, int after) {

        Rejection atMostAfter(int count) {
            return new Rejection(item, Math.min(after, count));
        }
    }

    private WholeHistory(FeedbackConfig feedback, PositionAttributes taken) {
        this.feedback = feedback;
        this.taken = taken;
    }

    /**
     * The history as one sequence; empty if the user chose nothing and has no context.
     *
     * @param interactions all of one user, in event-time order
     * @param taken what the model takes of a position besides its item
     */
    public static Optional<TrainingSequence> of(
            List<Interaction> interactions, FeedbackConfig feedback, PositionAttributes taken) {
        WholeHistory history = new WholeHistory(feedback, taken);
        interactions.forEach(history::add);
        return history.positions.isEmpty() ? Optional.empty() : Optional.of(history.sequence());
    }

    private void add(Interaction interaction) {
        Role role = feedback.roleOf(interaction.eventType(), interaction.rating());
        if (role.isPosition()) {
            addPosition(interaction, role.weight());
            if (role.kind() == Kind.TARGET) {
                rejections.removeIf(each -> each.item().equals(interaction.itemId()));
            }
        } else if (role.kind() == Kind.NEGATIVE) {
            takeBack(interaction.itemId());
            if (!positions.isEmpty()) {
                rejections.add(new Rejection(interaction.itemId(), positions.size()));
            }
        }
    }

    /** As in the stream, further types of events on the newest item are of the same choice. */
    private void addPosition(Interaction interaction, float weight) {
        String type = interaction.eventType();
        int newest = positions.size() - 1;
        boolean continues =
                !newestTypes.isEmpty()
                        && !type.isEmpty()
                        && positions.get(newest).itemId().equals(interaction.itemId())
                        && !newestTypes.contains(type);
        if (continues) {
            Position position =
                    positions.get(newest).with(interaction, weight, taken.of(interaction));
            positions.set(newest, position);
            if (position.last().equals(interaction)) { // it is after all rejections by now
                rejections.replaceAll(each -> each.atMostAfter(newest));
                rejections.removeIf(each -> each.after() == 0);
            }
        } else {
            positions.add(
                    new Position(interaction, interaction.rating(), weight, taken.of(interaction)));
            newestTypes.clear();
        }
        if (!type.isEmpty()) {
            newestTypes.add(type);
        }
    }

    /** Makes the last choice of a rejected item context alone. */
    private void takeBack(String item) {
        for (int i = positions.size() - 1; i >= 0; i--) {
            Position position = positions.get(i);
            if (position.weight() > 0 && position.itemId().equals(item)) {
                positions.set(
                        i,
                        new Position(position.last(), position.rating(), 0, position.attributes()));
                return;
            }
        }
    }

    private TrainingSequence sequence() {
        int size = positions.size();
        float[] ratings = new float[size];
        float[] counted =
                new float[positions.stream().allMatch(each -> each.weight() == 1) ? 0 : size];
        int[] fresh = new int[size];
        Arrays.setAll(fresh, i -> i);
        for (int i = 0; i < size; i++) {
            ratings[i] = positions.get(i).rating();
        }
        for (int i = 0; i < counted.length; i++) {
            counted[i] = positions.get(i).weight();
        }
        List<Interaction> events = positions.stream().map(Position::last).toList();
        long[] timestamps = events.stream().mapToLong(Interaction::timestamp).toArray();
        Interaction last = events.get(size - 1);
        return new TrainingSequence(
                last.userId(),
                last.timestamp() + 1,
                events.stream().map(Interaction::itemId).toArray(String[]::new),
                ratings,
                timestamps,
                fresh,
                events.stream().mapToInt(Interaction::partition).toArray(),
                events.stream().mapToLong(Interaction::offset).toArray(),
                counted,
                rejections.stream().map(Rejection::item).toArray(String[]::new),
                rejections.stream().mapToInt(Rejection::after).toArray(),
                taken.complete(
                        positions.stream().map(Position::attributes).toArray(int[][]::new),
                        timestamps,
                        0,
                        size));
    }
}

package io.freshet.training.window;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FeedbackConfig.Kind;
import io.freshet.config.FeedbackConfig.Role;
import io.freshet.event.Interaction;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A user's whole history, of which every position is fresh. */
public final class WholeHistory {

    private final FeedbackConfig feedback;
    private final List<Interaction> positions = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();

    /**
     * A rejection that no choice followed yet.
     *
     * @param after how many positions came before
     */
    private record Rejection(String item, int after) {}

    private WholeHistory(FeedbackConfig feedback) {
        this.feedback = feedback;
    }

    /**
     * The history as one sequence; empty if the user chose nothing and has no context.
     *
     * @param interactions all of one user, in event-time order
     */
    public static Optional<TrainingSequence> of(
            List<Interaction> interactions, FeedbackConfig feedback) {
        WholeHistory history = new WholeHistory(feedback);
        interactions.forEach(history::add);
        return history.positions.isEmpty() ? Optional.empty() : Optional.of(history.sequence());
    }

    private void add(Interaction interaction) {
        Role role = feedback.roleOf(interaction.eventType(), interaction.rating());
        if (role.isPosition()) {
            positions.add(interaction);
            weights.add(role.weight());
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

    /** Makes the last choice of a rejected item context alone. */
    private void takeBack(String item) {
        for (int i = positions.size() - 1; i >= 0; i--) {
            if (weights.get(i) > 0 && positions.get(i).itemId().equals(item)) {
                weights.set(i, 0f);
                return;
            }
        }
    }

    private TrainingSequence sequence() {
        int size = positions.size();
        float[] ratings = new float[size];
        float[] counted = new float[weights.stream().allMatch(weight -> weight == 1) ? 0 : size];
        int[] fresh = new int[size];
        Arrays.setAll(fresh, i -> i);
        for (int i = 0; i < size; i++) {
            ratings[i] = positions.get(i).rating();
        }
        for (int i = 0; i < counted.length; i++) {
            counted[i] = weights.get(i);
        }
        Interaction last = positions.get(size - 1);
        return new TrainingSequence(
                last.userId(),
                last.timestamp() + 1,
                positions.stream().map(Interaction::itemId).toArray(String[]::new),
                ratings,
                positions.stream().mapToLong(Interaction::timestamp).toArray(),
                fresh,
                positions.stream().mapToInt(Interaction::partition).toArray(),
                positions.stream().mapToLong(Interaction::offset).toArray(),
                counted,
                rejections.stream().map(Rejection::item).toArray(String[]::new),
                rejections.stream().mapToInt(Rejection::after).toArray());
    }
}

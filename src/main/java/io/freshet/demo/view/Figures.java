package io.freshet.demo.view;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendedItem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is shown, at one moment.
 *
 * @param elapsedMillis time since the command was given
 * @param phase what is going on, in words
 * @param webUi address of Flink's web UI, empty before it is there
 * @param gateway address of the gateway, empty before it is there
 * @param stream what was sent
 * @param job what the job counted of it
 * @param lists what came back
 * @param training what was learned
 * @param live HR@10 of the live model alone, on each window before it trains on it
 * @param frozen the same of the model that the job started with
 * @param served HR@10 of whole lists, requested just before an interaction
 * @param user one user, if there is one to be followed
 */
public record Figures(
        long elapsedMillis,
        String phase,
        String webUi,
        String gateway,
        Stream stream,
        Job job,
        Lists lists,
        Training training,
        Quality live,
        Quality frozen,
        Quality served,
        @Nullable User user) {

    /** Whether all that was ever to be sent has been counted, and everybody has a list. */
    public boolean complete() {
        return stream.ended()
                && job.counted() == stream.interactions()
                && lists.users() == lists.active();
    }

    /**
     * What was sent to the topics.
     *
     * @param history interactions sent before the clock started, to fill histories
     * @param sent interactions sent since, duplicates included
     * @param perSecond interactions a second, lately
     * @param late of those sent, how many were late
     * @param again of those sent, how many were duplicates
     * @param items catalog records sent
     * @param shopMillis shop time, milliseconds since the epoch; 0 before the start
     * @param broken broken records sent
     * @param deadLetters dead letters received
     * @param lastReason why the last of them is dead, empty if there is none
     * @param ended whether there is nothing left to be sent
     */
    public record Stream(
            long history,
            long sent,
            double perSecond,
            long late,
            long again,
            long items,
            long shopMillis,
            long broken,
            long deadLetters,
            String lastReason,
            boolean ended) {

        /** Records sent to the interactions topic, whatever is in them. */
        public long interactions() {
            return history + sent + broken;
        }
    }

    /**
     * What became of the records of the interactions topic, as the job's own metrics count them.
     * Each is counted once, and they begin anew when the job restarts.
     *
     * @param accepted interactions that became history, in time
     * @param late interactions that became history, though event time had passed them
     * @param duplicates interactions that were dropped because the user has them
     * @param others interactions that are no history: exposures, rejections, and what forgotten
     *     users did
     * @param refused records that became dead letters
     */
    public record Job(long accepted, long late, long duplicates, long others, long refused) {

        /** Before anything is counted. */
        public static final Job NOTHING = new Job(0, 0, 0, 0, 0);

        /** All of them. */
        public long counted() {
            return accepted + late + duplicates + others + refused;
        }
    }

    /**
     * Lists received.
     *
     * @param received their number
     * @param perSecond lists a second, lately
     * @param users users that got one
     * @param active users that an interaction was sent of
     * @param firstAfterMillis when the first came, since the command was given; -1 before
     */
    public record Lists(
            long received, double perSecond, int users, int active, long firstAfterMillis) {}

    /**
     * Verdicts, one on each window.
     *
     * @param verdicts how often each verdict was given; what never was is left out
     * @param last the last verdict
     */
    public record Training(
            Map<ModelCheckpoint.Verdict, Integer> verdicts, @Nullable ModelCheckpoint last) {

        /** Windows that were trained, whatever became of them. */
        public long windows() {
            return last == null ? 0 : last.window();
        }

        /** Versions that were made. */
        public int promoted() {
            return count(ModelCheckpoint.Verdict.PROMOTED);
        }

        /** How often a verdict was given. */
        public int count(ModelCheckpoint.Verdict verdict) {
            return verdicts.getOrDefault(verdict, 0);
        }
    }

    /**
     * Share of hits among the first ten.
     *
     * @param hitRate lately; NaN if unknown
     * @param positions that it was measured on
     * @param curve one value per evaluation, the newest last
     */
    public record Quality(float hitRate, long positions, List<Float> curve) {}

    /**
     * A user that is followed.
     *
     * @param version model version of the list
     * @param actions the last ones, the newest first
     * @param entries the list, best first
     * @param rejected what became of the brand of the item that the last action rejected; null if
     *     it rejected none, or no list has come since
     */
    public record User(
            String userId,
            long version,
            List<UserAction> actions,
            List<Entry> entries,
            @Nullable RejectedBrand rejected) {}

    /**
     * Items of a brand on the list.
     *
     * @param before when one of them was rejected
     * @param now of them
     */
    public record RejectedBrand(String brand, long before, long now) {}

    /**
     * What the user did.
     *
     * @param type of the event
     * @param secondsAgo in seconds of the demo
     */
    public record UserAction(String type, String title, long secondsAgo) {}

    /**
     * An entry of the followed user's list.
     *
     * @param because title of the item that explains it, or empty
     * @param before its place in the list before, from 1; 0 if it was not on it
     */
    public record Entry(String title, RecommendedItem.Source source, String because, int before) {}
}

package io.freshet.demo.view;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendedItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is shown, at one moment.
 *
 * @param elapsedMillis time since the command was given
 * @param phase what is going on, in words
 * @param webUi address of Flink's web UI, empty before it is there
 * @param stream what was sent
 * @param lists what came back
 * @param training what was learned
 * @param live HR@10 of the live model alone, on each window before it trains on it
 * @param frozen the same of the model that the job started with
 * @param served HR@10 of whole lists, asked for just before an interaction
 * @param user one user, if there is one to be followed
 */
public record Figures(
        long elapsedMillis,
        String phase,
        String webUi,
        Stream stream,
        Lists lists,
        Training training,
        Quality live,
        Quality frozen,
        Quality served,
        @Nullable User user) {

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
            String lastReason) {}

    /**
     * Lists received.
     *
     * @param received their number
     * @param perSecond lists a second, lately
     * @param users users that have one
     * @param firstAfterMillis when the first came, since the command was given; -1 before
     */
    public record Lists(long received, double perSecond, int users, long firstAfterMillis) {}

    /**
     * Verdicts on updates and versions.
     *
     * @param promoted versions that were made
     * @param rejected updates that were worse and taken back
     * @param failed updates whose training broke down
     * @param last the last verdict
     */
    public record Training(
            int promoted, int rejected, int failed, @Nullable ModelCheckpoint last) {}

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
     * @param purchases the last ones, the newest first
     * @param entries the list, best first
     */
    public record User(
            String userId, long version, List<Purchase> purchases, List<Entry> entries) {}

    /**
     * @param secondsAgo in seconds of the demo
     */
    public record Purchase(String title, long secondsAgo) {}

    /**
     * An entry of the followed user's list.
     *
     * @param because title of the item that explains it, or empty
     * @param before its place in the list before, from 1; 0 if it was not on it
     */
    public record Entry(String title, RecommendedItem.Source source, String because, int before) {}
}

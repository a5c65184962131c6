package io.freshet.recommend.operator;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;

/** What a batch was like. */
final class BatchReport {

    private int requests;
    private int coldStarts;
    private int probes;
    private int hits;
    private int listed;
    private int newItems;
    private int explored;
    private int lateProbes;
    private int learnedProbes;
    private int candidates;
    private long scoreNanos;

    /**
     * Adds an answer.
     *
     * @param itsNewItems entries of the list that are of new items
     * @param itsCandidates items that it was chosen from
     */
    void count(RecommendationList list, int itsNewItems, int itsCandidates) {
        requests++;
        candidates += itsCandidates;
        coldStarts += list.path() == Path.COLD_START ? 1 : 0;
        if (list.isProbe()) {
            probes++;
            String chosen = list.probeItem();
            hits += list.items().stream().anyMatch(i -> i.itemId().equals(chosen)) ? 1 : 0;
        } else if (list.path() != Path.FORGOTTEN && !list.isAnswer()) {
            listed += list.items().size();
            newItems += itsNewItems;
            for (RecommendedItem item : list.items()) {
                explored += item.source() == Source.EXPLORATION ? 1 : 0;
            }
        }
    }

    void countLateProbe() {
        lateProbes++;
    }

    void countLearnedProbe() {
        learnedProbes++;
    }

    void scoredIn(long nanos) {
        scoreNanos = nanos;
    }

    /** Requests answered, forgotten users' included. */
    int requests() {
        return requests;
    }

    /** Requests that no model scored. */
    int coldStarts() {
        return coldStarts;
    }

    /** Requests that were probes. */
    int probes() {
        return probes;
    }

    /** Probes whose list had the item that the user chose. */
    int hits() {
        return hits;
    }

    /** Entries of users' lists. */
    int listed() {
        return listed;
    }

    /** Entries of users' lists that are of new items. */
    int newItems() {
        return newItems;
    }

    /** Entries of users' lists that were drawn from the new items. */
    int explored() {
        return explored;
    }

    /** Probes without an answer, because the statistics don't reach back to them. */
    int lateProbes() {
        return lateProbes;
    }

    /** Probes without an answer, because the model may have learned their event. */
    int learnedProbes() {
        return learnedProbes;
    }

    /** Items that all lists were chosen from, each list's counted. */
    int candidates() {
        return candidates;
    }

    /** Time that the model took, nanoseconds. */
    long scoreNanos() {
        return scoreNanos;
    }
}

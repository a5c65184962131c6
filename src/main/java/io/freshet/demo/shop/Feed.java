package io.freshet.demo.shop;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * All that the demo's topics are fed with.
 *
 * @param name what it is, in words
 * @param history what had happened before the demo starts, in order of arrival; the base model is
 *     trained on it
 * @param live what happens from then on, in order of arrival
 * @param liveFrom shop time at which {@code live} starts, milliseconds since the epoch
 * @param speedUp shop time that passes in one unit of real time
 * @param span shop time that {@code live} lasts
 * @param disorder longest delay of a late record, in shop time
 */
public record Feed(
        String name,
        List<ShopRecord> history,
        Iterator<ShopRecord> live,
        long liveFrom,
        double speedUp,
        Duration span,
        Duration disorder) {

    /** The span of what never ends. */
    public static final Duration ENDLESS = Duration.ofMillis(Long.MAX_VALUE);

    /** Real time as shop time. */
    public Duration shopTime(Duration real) {
        return Duration.ofMillis(Math.max(1, Math.round(real.toMillis() * speedUp)));
    }

    /** An iterator that shows its next element before it is taken. */
    public static final class Ahead<T> implements Iterator<T> {

        private final Iterator<T> source;
        private @Nullable T head;

        public Ahead(Iterator<T> source) {
            this.source = source;
        }

        /**
         * The next element, which stays the next.
         *
         * @throws NoSuchElementException at the end
         */
        public T peek() {
            T found = head;
            if (found == null) {
                found = source.next();
                head = found;
            }
            return found;
        }

        @Override
        public boolean hasNext() {
            return head != null || source.hasNext();
        }

        @Override
        public T next() {
            T found = peek();
            head = null;
            return found;
        }
    }
}

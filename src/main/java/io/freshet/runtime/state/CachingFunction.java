package io.freshet.runtime.state;

/** A keyed function whose states are cached by the operator that runs it. */
public interface CachingFunction {

    /**
     * Opens the states, before the function itself is opened; the runtime context is there.
     *
     * @param caches what caches them
     */
    void openStates(StateCaches caches) throws Exception;
}

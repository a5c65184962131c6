package io.freshet.runtime.state;

/** A keyed function whose states are cached by the operator that runs it. */
public interface CachingFunction {

    /** Called before the function is opened, with what caches its states. */
    void setCaches(StateCaches caches);
}

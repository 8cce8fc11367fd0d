package dev.gatehouse.devstack.faults;

/**
 * What has gone through a proxy since it was made.
 *
 * @param accepted connections that callers made
 * @param refused those of them for which no server was found
 * @param open connections there are now
 * @param upstreamBytes handed on to servers
 * @param downstreamBytes handed on to callers
 */
public record Traffic(long accepted, long refused, int open, long upstreamBytes, long downstreamBytes) {}

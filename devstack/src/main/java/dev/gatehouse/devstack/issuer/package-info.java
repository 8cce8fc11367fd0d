/** An OpenID Connect issuer for development: a login page, demo users and clients, and tokens signed with RS256. */
@NullMarked
package dev.gatehouse.devstack.issuer;

import org.jspecify.annotations.NullMarked;

-- 1. Pull the bounces with the receiver's whole words. _Bounce keeps six months; its times are US Central
--    Standard Time all year. LEFT keeps long replies within a text field of the target data extension.
SELECT b.JobID,
       b.ListID,
       b.BatchID,
       b.SubscriberKey,
       b.EventDate,
       b.IsUnique,
       b.Domain,
       b.BounceCategory,
       b.BounceSubcategory,
       b.BounceType,
       b.SMTPCode,
       LEFT(b.SMTPBounceReason, 4000) AS SMTPBounceReason,
       LEFT(b.SMTPMessage, 4000) AS SMTPMessage
FROM _Bounce AS b
WHERE b.EventDate >= DATEADD(day, -{days}, GETDATE())

-- 2. Where do they gather: one domain, one category, one job?
SELECT b.Domain,
       b.BounceCategory,
       b.BounceSubcategory,
       b.JobID,
       COUNT(*) AS Bounces,
       COUNT(DISTINCT b.SubscriberKey) AS People,
       MIN(b.EventDate) AS FirstSeen,
       MAX(b.EventDate) AS LastSeen
FROM _Bounce AS b
WHERE b.EventDate >= DATEADD(day, -{days}, GETDATE())
GROUP BY b.Domain, b.BounceCategory, b.BounceSubcategory, b.JobID

-- 3. How many were sent by each job: with this file beside the bounces, rates can be given.
SELECT s.JobID,
       COUNT(*) AS Sent
FROM _Sent AS s
WHERE s.EventDate >= DATEADD(day, -{days}, GETDATE())
GROUP BY s.JobID

-- 4. The addresses behind the keys: _Bounce holds none.
SELECT s.SubscriberKey,
       s.EmailAddress
FROM _Subscribers AS s
INNER JOIN _Bounce AS b ON b.SubscriberKey = s.SubscriberKey
WHERE b.EventDate >= DATEADD(day, -{days}, GETDATE())
GROUP BY s.SubscriberKey, s.EmailAddress

-- 5. Keep the reason and the last evidence beside each suppressed person. `UndeliveredSuppress` is the data extension
--    into which the exported list was imported (SubscriberKey, EmailAddress, Decision, Reason, LastEvidence).
SELECT u.SubscriberKey,
       u.EmailAddress,
       u.Reason,
       u.LastEvidence
FROM UndeliveredSuppress AS u
WHERE u.Decision = 'suppress'
